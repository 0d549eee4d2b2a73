package dev.roundtrip.local.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Answers in the shape of AWS's protocol {@code rest-json}. */
public final class RestJson {
    /** Reads and writes them. */
    public static final JsonMapper MAPPER = new JsonMapper();

    private static final Header JSON = new Header("content-type", "application/json");
    private static final String REQUEST_ID = "x-amzn-RequestId";
    private static final String ERROR_TYPE = "x-amzn-ErrorType";
    private static final byte[] NO_BODY = {};

    private RestJson() {}

    /** Success with a body. */
    public static HttpReply ok(ObjectNode body) {
        return new HttpReply(200, List.of(JSON), bytes(body));
    }

    /** Success without a body. */
    public static HttpReply empty() {
        return new HttpReply(200, List.of(), NO_BODY);
    }

    /** A refusal.
     *
     * @param message for the sender
     * @param requestId by which AWS finds the request in its logs
     */
    public static HttpReply refused(ErrorType type, String message, String requestId) {
        return refused(type, message, requestId, Map.of());
    }

    /** A refusal whose error type has further members in AWS's model.
     *
     * @param members by name, such as {@code resourceArn}
     */
    public static HttpReply refused(ErrorType type, String message, String requestId, Map<String, String> members) {
        return refused(type.status(), type.word(), message, requestId, members);
    }

    /** A refusal whose name is in no model of a service.
     *
     * @param word the error's name, such as {@code InvalidSignatureException}
     */
    public static HttpReply refused(int status, String word, String message, String requestId) {
        return refused(status, word, message, requestId, Map.of());
    }

    private static HttpReply refused(
            int status, String word, String message, String requestId, Map<String, String> members) {
        ObjectNode body = MAPPER.createObjectNode().put("message", message).put("traceId", requestId);
        members.forEach(body::put);
        return new HttpReply(
                status, List.of(JSON, new Header(ERROR_TYPE, word), new Header(REQUEST_ID, requestId)), bytes(body));
    }

    /** The same answer with the request's id. */
    public static HttpReply identified(HttpReply reply, String requestId) {
        return reply.with(new Header(REQUEST_ID, requestId));
    }

    private static byte[] bytes(ObjectNode body) {
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }
}
