package dev.roundtrip.invoke;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.DeviceMemory;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.Lane;
import dev.roundtrip.protocol.Order;
import dev.roundtrip.protocol.RequestKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How each ending is told over HTTP: status, words and headers. */
final class Replies {
    /** How soon it is worth trying again when the broker or the device was away; our choice. */
    static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** The error code for an answer that is no answer. */
    static final String UNREADABLE_ANSWER = "unreadable_answer";

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
        int status = describe(ending.result(), body, headers);
        if (ending.call() != null) {
            describe(ending.result(), ending.call().request().guarantees(), body, headers);
        }
        return new HttpReply(status, headers, write(body));
    }

    /** @return the HTTP status */
    private static int describe(InvocationResult result, ObjectNode body, Map<String, String> headers) {
        return switch (result) {
            case InvocationResult.Ok ok -> {
                body.set("response", Json.asWritten(ok.response()));
                yield 200;
            }
            case InvocationResult.Accepted accepted -> 202;
            case InvocationResult.DeviceFailed failed ->
                error(502, failed.error().code(), failed.error().message(), body);
            case InvocationResult.Unreadable unreadable -> error(502, UNREADABLE_ANSWER, unreadable.message(), body);
            case InvocationResult.Refused refused -> refusal(refused.refusal(), body, headers);
            case InvocationResult.TimedOut timedOut ->
                error(504, name(result), "the device did not answer in time, and may have run the method", body);
            case InvocationResult.Defect defect ->
                error(500, name(result), "the gateway has a defect; its log has the details under the id", body);
            case InvocationResult.Offline offline -> {
                if (offline.since() != null) {
                    body.put("since", offline.since().toString());
                }
                if (offline.reason() != null) {
                    body.put("reason", offline.reason());
                }
                retryLater(RETRY_AFTER.toSeconds(), headers);
                yield error(503, name(result), "the device is not connected", body);
            }
            case InvocationResult.Unavailable unavailable -> {
                retryLater(RETRY_AFTER.toSeconds(), headers);
                yield error(503, name(result), unavailable.message(), body);
            }
            case InvocationResult.Throttled throttled -> {
                retryLater(RETRY_AFTER.toSeconds(), headers);
                yield error(429, name(result), throttled.message(), body);
            }
            case InvocationResult.TooLarge tooLarge -> error(413, name(result), tooLarge.message(), body);
            case InvocationResult.Invalid invalid -> problems(invalid, body);
        };
    }

    /** What became of order and key, and where a caller with a key learns more. */
    private static void describe(
            InvocationResult result, Guarantees guarantees, ObjectNode body, Map<String, String> headers) {
        switch (result) {
            case InvocationResult.Ok ok -> {
                describe(ok.memory(), guarantees.key(), body);
                describe(ok.memory(), guarantees.order(), body);
            }
            case InvocationResult.DeviceFailed failed -> {
                describe(failed.memory(), guarantees.key(), body);
                describe(failed.memory(), guarantees.order(), body);
            }
            // Refusals are not remembered by key, so they say nothing of it.
            case InvocationResult.Refused refused -> describe(refused.memory(), guarantees.order(), body);
            case InvocationResult.Accepted accepted ->
                next(guarantees, body).ifPresent(next -> headers.put("Location", next));
            case InvocationResult.TimedOut timedOut -> next(guarantees, body);
            case InvocationResult.Defect defect -> next(guarantees, body);
            case InvocationResult.Unreadable unreadable -> next(guarantees, body);
            case InvocationResult.NotSent notSent -> {}
        }
    }

    private static void describe(DeviceMemory memory, @Nullable RequestKey key, ObjectNode body) {
        if (key == null) {
            return;
        }
        DeviceMemory.KeptKey kept = memory.key();
        boolean isKeyed = kept != null && kept.value().equals(key.value());
        body.put("keyed", isKeyed);
        if (kept != null && isKeyed) {
            body.put("kept", kept.seconds());
            if (memory.replay() == DeviceMemory.Replay.REPLAYED) {
                body.put("replayed", true);
            }
        }
    }

    private static void describe(DeviceMemory memory, @Nullable Order order, ObjectNode body) {
        if (order == null) {
            return;
        }
        Lane lane = memory.lane();
        body.put("ordered", lane != null);
        if (lane != null) {
            ObjectNode written = body.putObject("lane")
                    .put("name", lane.name().value())
                    .put("epoch", lane.epoch().value())
                    .put("last", lane.last());
            if (lane.lastId() != null) {
                written.put("lastId", lane.lastId().toString());
            }
        }
    }

    private static Optional<String> next(Guarantees guarantees, ObjectNode body) {
        Optional<String> next = Optional.ofNullable(guarantees.next());
        next.ifPresent(path -> body.put("next", path));
        return next;
    }

    /** The word for a result, as callers and logs read it. */
    static String name(InvocationResult result) {
        return switch (result) {
            case InvocationResult.Ok ok -> "ok";
            case InvocationResult.Accepted accepted -> "accepted";
            case InvocationResult.DeviceFailed failed -> "device_error";
            case InvocationResult.Unreadable unreadable -> "device_error";
            case InvocationResult.Refused refused -> "refused";
            case InvocationResult.TimedOut timedOut -> "timeout";
            case InvocationResult.Defect defect -> "internal_error";
            case InvocationResult.Offline offline -> "offline";
            case InvocationResult.Unavailable unavailable -> "unavailable";
            case InvocationResult.Throttled throttled -> "throttled";
            case InvocationResult.TooLarge tooLarge -> "too_large";
            case InvocationResult.Invalid invalid -> "invalid_parameters";
        };
    }

    private static int error(int status, String code, String message, ObjectNode body) {
        body.putObject("error").put("code", code).put("message", message);
        return status;
    }

    /** A busy device may run another attempt. Every other refusal is for good, unless the device names a time. */
    private static int refusal(DeviceRefusal refusal, ObjectNode body, Map<String, String> headers) {
        boolean busy = refusal.code().equals(DeviceRefusal.BUSY);
        if (refusal.retryAfterSeconds() != null) {
            retryLater(refusal.retryAfterSeconds(), headers);
        } else if (busy) {
            retryLater(RETRY_AFTER.toSeconds(), headers);
        }
        return error(busy ? 503 : 409, refusal.code(), refusal.message(), body);
    }

    private static void retryLater(long seconds, Map<String, String> headers) {
        headers.put("Retry-After", Long.toString(seconds));
    }

    private static int problems(InvocationResult.Invalid invalid, ObjectNode body) {
        Problem first = invalid.problems().getFirst();
        int others = invalid.problems().size() - 1;
        error(
                400,
                name(invalid),
                first.message() + (others == 0 ? "" : "; and " + others + " more, see problems"),
                body);
        ArrayNode problems = body.putArray("problems");
        for (Problem problem : invalid.problems()) {
            problems.addObject().put("parameter", problem.parameter()).put("message", problem.message());
        }
        return 400;
    }

    private static String write(ObjectNode body) {
        // By way of bytes, which keeps half a surrogate pair as an escape; as a character it would be lost on the wire.
        return new String(Json.write(body), StandardCharsets.UTF_8);
    }
}
