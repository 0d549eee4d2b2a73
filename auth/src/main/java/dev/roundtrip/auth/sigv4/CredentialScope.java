package dev.roundtrip.auth.sigv4;

/** What a signing key is good for: one day, one region, one service.
 *
 * @param date the day, {@code yyyyMMdd}
 * @param region such as {@code eu-central-1}
 * @param service such as {@code execute-api}
 * @param terminator {@code aws4_request} in every scope that is right
 */
record CredentialScope(String date, String region, String service, String terminator) {
    static final String TERMINATOR = "aws4_request";

    @Override
    public String toString() {
        return date + '/' + region + '/' + service + '/' + terminator;
    }
}
