package dev.roundtrip.sigv4;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A request as it shall be made, not signed yet. Immutable, if nobody changes the body's array.
 *
 * @param method one of DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT; made upper case
 * @param uri absolute, http or https; brought into the form that is signed and sent: encoded as RFC 3986 has it,
 *     parameters sorted by name
 * @param headers what is sent and signed besides the headers of HTTP itself and of the signature, which may not be
 *     among them
 * @param body the bytes of the body, empty when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // A body is sent, never compared.
public record UnsignedRequest(String method, URI uri, List<HeaderLine> headers, byte[] body) {
    private static final Set<String> METHODS = Set.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT");

    /** HTTP/1.1 or the signature sets these itself. */
    private static final Set<String> RESERVED_HEADERS = Set.of(
            "authorization",
            "connection",
            "content-length",
            "expect",
            "host",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "x-amz-content-sha256",
            "x-amz-date",
            "x-amz-security-token");

    /** @throws IllegalArgumentException when method, address or a header breaks its rule */
    public UnsignedRequest {
        method = method.toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method)) {
            throw new IllegalArgumentException("method " + method + " cannot be signed; one of "
                    + String.join(", ", METHODS.stream().sorted().toList()));
        }
        uri = RequestUri.of(uri.toString());
        headers = List.copyOf(headers);
        for (HeaderLine header : headers) {
            if (RESERVED_HEADERS.contains(header.name().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "header " + header.name() + " is set by HTTP or by the signature itself");
            }
        }
    }

    /** A GET of an address as somebody typed it, encoded or not.
     *
     * @throws IllegalArgumentException when the address is none
     */
    public static UnsignedRequest get(String url) {
        return new UnsignedRequest("GET", RequestUri.of(url), List.of(), new byte[0]);
    }

    /** A POST of JSON to an address as somebody typed it, encoded or not.
     *
     * @throws IllegalArgumentException when the address is none
     */
    public static UnsignedRequest post(String url, String json) {
        return new UnsignedRequest(
                "POST",
                RequestUri.of(url),
                List.of(new HeaderLine("Content-Type", "application/json")),
                json.getBytes(StandardCharsets.UTF_8));
    }
}
