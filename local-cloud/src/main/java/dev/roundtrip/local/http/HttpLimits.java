package dev.roundtrip.local.http;

/** How large a request of a service may be.
 *
 * @param line the request line, in bytes, 1 or more
 * @param headers all header lines together, in bytes, 1 or more
 * @param body in bytes, 0 or more
 */
public record HttpLimits(int line, int headers, int body) {

    /** The larger of each. */
    HttpLimits max(HttpLimits other) {
        return new HttpLimits(Math.max(line, other.line), Math.max(headers, other.headers), Math.max(body, other.body));
    }
}
