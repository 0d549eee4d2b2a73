package dev.roundtrip.local.http;

/** How large a request of a service may be.
 *
 * @param line the request line, in bytes, 1 to {@value #MAX_LINE}
 * @param headers all header lines together, in bytes, 1 to {@value #MAX_HEADERS}
 * @param body in bytes, 0 to {@value #MAX_BODY}
 */
public record HttpLimits(int line, int headers, int body) {
    /** Beyond this no service is asked. Our choice: a presigned URL with a session token has about 2 KB. */
    static final int MAX_LINE = 16 * 1024;

    /** Beyond this no service is asked. Our choice: user properties of MQTT 5 are 8 KB, and 11 KB in base64. */
    static final int MAX_HEADERS = 24 * 1024;

    /** Beyond this no service is asked; source: API Gateway quotas, "Payload size", the largest of all services here.
     */
    static final int MAX_BODY = 10 * 1024 * 1024;

    public HttpLimits {
        if (line > MAX_LINE || headers > MAX_HEADERS || body > MAX_BODY) {
            throw new IllegalArgumentException(
                    "no listener takes a request of this size: " + line + ", " + headers + ", " + body + " bytes");
        }
    }
}
