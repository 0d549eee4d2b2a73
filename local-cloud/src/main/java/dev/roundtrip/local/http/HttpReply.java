package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An HTTP answer before it becomes bytes.
 *
 * @param status 200 to 599
 * @param headers what to send beside the headers that every answer has
 * @param body may be empty
 * @param denial for the log; null unless policies are why it is a refusal
 */
@SuppressWarnings("ArrayRecordComponent") // The body is written once and never compared.
public record HttpReply(
        int status,
        List<Header> headers,
        byte[] body,
        @Nullable Denial denial) {
    public HttpReply(int status, List<Header> headers, byte[] body) {
        this(status, headers, body, null);
    }

    /** What policies do not allow.
     *
     * @param statement which statement denies it, or that none allows it
     */
    public record Denial(String action, String resourceArn, String statement) {}

    public HttpReply because(Denial reason) {
        return new HttpReply(status, headers, body, reason);
    }
}
