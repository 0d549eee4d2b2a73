package dev.roundtrip.auth.sigv4;

import java.util.List;

/** An HTTP request as it stood on the wire, nothing decoded: what was signed.
 *
 * <p>Every text holds one byte of the wire in each character (ISO-8859-1), so that bytes outside ASCII are signed as
 * they were sent.
 *
 * @param method the method, upper case
 * @param path the raw path, percent-encoded as sent, starting with {@code /}
 * @param query the raw query without its {@code ?}, percent-encoded as sent; empty when there is none
 * @param headers every header line; a name may repeat, and lines of the same name stand in the order sent
 * @param body the body, empty when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // The body is read once and never compared.
public record SignedRequest(String method, String path, String query, List<Header> headers, byte[] body) {

    /** One header line.
     *
     * @param name as sent; compared without regard to case
     * @param value as sent
     */
    public record Header(String name, String value) {}
}
