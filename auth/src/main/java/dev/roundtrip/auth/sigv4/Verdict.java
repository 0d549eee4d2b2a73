package dev.roundtrip.auth.sigv4;

/** How a verification ended. */
public sealed interface Verdict {

    /** The signature is right, in time, and made with a known key.
     *
     * @param caller who signed
     */
    record Accepted(IamIdentity caller) implements Verdict {}

    /** The request must not be served.
     *
     * @param reason the kind of fault
     * @param message what AWS says to the caller; may quote the request, and never a secret
     */
    record Refused(Reason reason, String message) implements Verdict {

        /** Of a request that is not signed. */
        public static Refused missingToken() {
            return new Refused(Reason.MISSING_TOKEN, "Missing Authentication Token");
        }

        /** Of a request that an unknown key signed. */
        public static Refused unknownKey() {
            return new Refused(Reason.UNKNOWN_KEY, "The security token included in the request is invalid.");
        }
    }

    /** The kinds of refusal; each is one exception of AWS. */
    enum Reason {
        /** Nothing in the request claims to be a signature. */
        MISSING_TOKEN("MissingAuthenticationTokenException"),
        /** A part of the signature is absent or cannot be read. */
        INCOMPLETE_SIGNATURE("IncompleteSignatureException"),
        /** Too old, too new, of another scope, or not what the request and the key amount to. */
        INVALID_SIGNATURE("InvalidSignatureException"),
        /** The access key is unknown, or its session token is not the right one. */
        UNKNOWN_KEY("UnrecognizedClientException");

        private final String errorType;

        Reason(String errorType) {
            this.errorType = errorType;
        }

        /** The name of the exception, as AWS sends it in {@code x-amzn-ErrorType}. */
        public String errorType() {
            return errorType;
        }
    }
}
