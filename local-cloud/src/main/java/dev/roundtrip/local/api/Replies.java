package dev.roundtrip.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.protocol.Json;
import java.util.List;

/** Answers in the shape of the local API. */
final class Replies {
    private static final Header NO_STORE = new Header("cache-control", "no-store");
    /** A browser that comes to see one must not take it for a page. */
    private static final Header NO_SNIFF = new Header("x-content-type-options", "nosniff");

    private static final List<Header> JSON =
            List.of(new Header("content-type", "application/json"), NO_STORE, NO_SNIFF);
    private static final byte[] NO_BODY = {};

    private Replies() {}

    static HttpReply of(int status, JsonNode body) {
        return new HttpReply(status, JSON, Json.write(body));
    }

    static HttpReply refused(ApiError error, String message) {
        ObjectNode body = Json.object();
        body.putObject("error").put("code", error.word()).put("message", message);
        HttpReply reply = of(error.status(), body);
        return switch (error) {
            case UNAUTHORIZED -> reply.with(new Header("www-authenticate", "Bearer"));
            case BUSY -> reply.with(new Header("retry-after", "1"));
            case INVALID_PARAMETERS, FORBIDDEN, NOT_FOUND, METHOD_NOT_ALLOWED, CONFLICT, TOO_LARGE, INTERNAL_ERROR ->
                reply;
        };
    }

    /** The head of a stream of events. */
    static HttpReply stream() {
        return new HttpReply(
                200, List.of(new Header("content-type", "text/event-stream"), NO_STORE, NO_SNIFF), NO_BODY);
    }
}
