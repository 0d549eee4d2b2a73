package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An HTTP answer before it becomes bytes.
 *
 * @param status 200 to 599
 * @param headers what to send beside {@code Content-Length} and {@code Connection}
 * @param body may be empty
 * @param denial for the log; null unless policies are why it is a refusal
 */
@SuppressWarnings("ArrayRecordComponent") // The body is written once and never compared.
public record HttpReply(
        int status,
        List<Header> headers,
        byte[] body,
        @Nullable Denial denial) {
    /** One that no policy is the reason for. */
    public HttpReply(int status, List<Header> headers, byte[] body) {
        this(status, headers, body, null);
    }

    /** The same, and policies are why it is a refusal. */
    public HttpReply because(Denial reason) {
        return new HttpReply(status, headers, body, reason);
    }

    /** The same with more headers, each of which takes the place of those of its name. */
    public HttpReply with(Header... more) {
        List<Header> all = new ArrayList<>(headers.size() + more.length);
        for (Header header : headers) {
            if (!isNamed(header.name(), more)) {
                all.add(header);
            }
        }
        all.addAll(List.of(more));
        return new HttpReply(status, all, body, denial);
    }

    private static boolean isNamed(String name, Header[] headers) {
        for (Header header : headers) {
            if (header.name().equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }
}
