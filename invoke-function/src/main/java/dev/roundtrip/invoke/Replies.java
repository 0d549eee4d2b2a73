package dev.roundtrip.invoke;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How each ending is told over HTTP: status, words and headers. */
final class Replies {
    /** How soon it is worth trying again when the broker or the device was away. */
    static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private Replies() {}

    static HttpReply of(Ending ending) {
        ObjectNode body = Json.object();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("Cache-Control", "no-store");
        body.put("result", name(ending.result()));
        if (ending.call() != null) {
            String id = ending.call().id().toString();
            body.put("elapsed", Long.toString(ending.elapsed().toMillis()));
            body.put("id", id);
            headers.put("X-Invocation-Id", id);
        }
        String timing = ending.timings().header();
        if (!timing.isEmpty()) {
            headers.put("Server-Timing", timing);
        }
        int status = switch (ending.result()) {
            case InvocationResult.Ok ok -> {
                body.set("response", Json.asWritten(ok.response()));
                yield 200;
            }
            case InvocationResult.DeviceFailed failed -> {
                body.putObject("error")
                        .put("code", failed.error().code())
                        .put("message", failed.error().message());
                yield 502;
            }
            case InvocationResult.TimedOut timedOut -> 504;
            case InvocationResult.Defect defect -> 500;
            case InvocationResult.Offline offline -> {
                if (offline.since() != null) {
                    body.put("since", offline.since().toString());
                }
                if (offline.reason() != null) {
                    body.put("reason", offline.reason());
                }
                yield retryLater(503, headers);
            }
            case InvocationResult.Unavailable unavailable -> {
                body.put("message", unavailable.message());
                yield retryLater(503, headers);
            }
            case InvocationResult.Throttled throttled -> {
                body.put("message", throttled.message());
                yield retryLater(429, headers);
            }
            case InvocationResult.TooLarge tooLarge -> {
                body.put("message", tooLarge.message());
                yield 413;
            }
            case InvocationResult.Invalid invalid -> {
                describe(invalid, body);
                yield 400;
            }
        };
        return new HttpReply(status, headers, write(body));
    }

    /** The word for a result, as callers and logs read it. */
    static String name(InvocationResult result) {
        return switch (result) {
            case InvocationResult.Ok ok -> "ok";
            case InvocationResult.DeviceFailed failed -> "device_error";
            case InvocationResult.TimedOut timedOut -> "timeout";
            case InvocationResult.Defect defect -> "internal_error";
            case InvocationResult.Offline offline -> "offline";
            case InvocationResult.Unavailable unavailable -> "unavailable";
            case InvocationResult.Throttled throttled -> "throttled";
            case InvocationResult.TooLarge tooLarge -> "too_large";
            case InvocationResult.Invalid invalid -> "invalid_parameters";
        };
    }

    private static int retryLater(int status, Map<String, String> headers) {
        headers.put("Retry-After", Long.toString(RETRY_AFTER.toSeconds()));
        return status;
    }

    private static void describe(InvocationResult.Invalid invalid, ObjectNode body) {
        Problem first = invalid.problems().getFirst();
        int others = invalid.problems().size() - 1;
        body.put(
                "response",
                "The call is not valid: " + first.message()
                        + (others == 0 ? "." : "; and " + others + " more, see problems."));
        ArrayNode problems = body.putArray("problems");
        for (Problem problem : invalid.problems()) {
            problems.addObject().put("parameter", problem.parameter()).put("message", problem.message());
        }
    }

    private static String write(ObjectNode body) {
        // By way of bytes, which keeps half a surrogate pair as an escape; as a character it would be lost on the wire.
        return new String(Json.write(body), StandardCharsets.UTF_8);
    }
}
