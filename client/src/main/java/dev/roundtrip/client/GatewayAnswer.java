package dev.roundtrip.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.client.Outcome.DeviceFacts;
import dev.roundtrip.client.Outcome.Lane;
import dev.roundtrip.client.Outcome.Problem;
import dev.roundtrip.protocol.Envelope;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.MalformedNameException;
import dev.roundtrip.protocol.MessageId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of an answer, whoever gave it: what is absent or has another type reads as absent.
 *
 * @param status the HTTP status
 * @param members the body's members without {@code response}; none when the body is no JSON object
 * @param response the body's {@code response}; null when it has none
 */
record GatewayAnswer(
        Reply.Answered reply,
        int status,
        JsonNode members,
        @Nullable JsonText response) {
    private static final Pattern WHOLE_SECONDS = Pattern.compile("[0-9]{1,9}");

    /** The most problems that the gateway tells at once; source: the contract. */
    private static final int MAX_PROBLEMS = 20;

    /** The longest epoch; source: the contract, {@code epoch}. */
    private static final int MAX_EPOCH = 32;

    /** The longest time that is believed; source: the contract, {@code retryAfter} and {@code keep}. */
    private static final long MAX_SECONDS = 604_800;

    static GatewayAnswer of(Reply.Answered reply) {
        if (reply.body().length <= HttpExchange.MAX_ANSWER_BYTES) {
            try {
                Envelope body = Envelope.read(reply.body(), "response");
                return new GatewayAnswer(reply, reply.status(), body.members(), body.content());
            } catch (MalformedJsonException notOurs) {
                // Whoever answered with it is not the function: the status alone counts.
            }
        }
        return new GatewayAnswer(reply, reply.status(), Json.object(), null);
    }

    /** The contract's word for how the call ended; empty in an answer that is not the function's. */
    String result() {
        return members.path("result").asText("");
    }

    /** The device's word, or the gateway's, or the kind of error that AWS names in a header. */
    String code() {
        String code = Words.code(members.path("error").path("code"));
        return code.isEmpty()
                ? Words.line(header("x-amzn-errortype").orElse("").split(":", 2)[0], Words.MAX_CODE)
                : code;
    }

    /** The sentence of the device, the gateway or API Gateway; empty where there is none. */
    String message() {
        for (JsonNode text : List.of(
                members.path("error").path("message"), members.path("message"), members.path("Message"), sentence())) {
            String message = text.isTextual() ? Words.message(text) : "";
            if (!message.isEmpty()) {
                return message;
            }
        }
        return "";
    }

    /** The gateway's first edition says in {@code response} what is wrong with a call. */
    private JsonNode sentence() {
        return response == null || !result().equals("invalid_parameters") ? Json.object() : response.tree();
    }

    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        for (JsonNode problem : members.path("problems")) {
            if (problems.size() < MAX_PROBLEMS) {
                problems.add(
                        new Problem(Words.code(problem.path("parameter")), Words.message(problem.path("message"))));
            }
        }
        return problems;
    }

    /** The id of the try, from the body, else from the header; null where neither has one. */
    @Nullable MessageId id() {
        String id = members.path("id").asText(header("x-invocation-id").orElse(""));
        try {
            return MessageId.of(id);
        } catch (MalformedNameException none) {
            return null;
        }
    }

    Optional<String> header(String name) {
        return reply.headers().firstValue(name);
    }

    /** How long the server asks to wait; null where it says nothing, or names a date. */
    @Nullable Duration retryAfter() {
        return header("retry-after")
                .filter(value -> WHOLE_SECONDS.matcher(value).matches())
                .map(value -> Duration.ofSeconds(Math.min(Long.parseLong(value), MAX_SECONDS)))
                .orElse(null);
    }

    DeviceFacts device() {
        JsonNode kept = members.path("kept");
        return new DeviceFacts(
                members.path("replayed").asBoolean(false),
                !members.path("keyed").asBoolean(true),
                kept.canConvertToLong() && kept.longValue() >= 0
                        ? Duration.ofSeconds(Math.min(kept.longValue(), MAX_SECONDS))
                        : null,
                !members.path("ordered").asBoolean(true),
                lane(members.path("lane")));
    }

    private static @Nullable Lane lane(JsonNode lane) {
        if (!lane.path("epoch").isTextual() || !lane.path("last").canConvertToLong()) {
            return null;
        }
        String lastId = Words.code(lane.path("lastId"));
        return new Lane(
                Words.code(lane.path("name")),
                Words.line(lane.path("epoch").textValue(), MAX_EPOCH),
                lane.path("last").longValue(),
                lastId.isEmpty() ? null : lastId);
    }
}
