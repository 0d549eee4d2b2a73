package dev.roundtrip.local.http.operation;

/** What AWS's documents leave open about refused signatures, one constant for each question; see docs/open-facts.md. */
final class OpenFacts {
    /** With which status a service with JSON refuses a signature that cannot be read. AWS's pages of common errors say
     * 403 for most of these services and 400 for some.
     */
    static final int INCOMPLETE_SIGNATURE_IN_JSON = 403;

    /** The same of a service with XML. AWS's page of common errors of IAM, which STS shares, says 400. */
    static final int INCOMPLETE_SIGNATURE_IN_XML = 400;

    /** What STS says of a request that is not signed. Remembered, not looked up. */
    static final String MISSING_TOKEN_IN_XML = "Request is missing Authentication Token";

    private OpenFacts() {}
}
