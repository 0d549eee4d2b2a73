package dev.roundtrip.local.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.cli.Printable;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One step of a message or client, in words. */
final class StepLine {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private StepLine() {}

    /** The step in a line, with the time of day. */
    static String text(JsonNode step, Screen screen) {
        String time = CallLine.member(step, "time");
        return Printable.cut(
                "%-12s  %-17s  %-24s  %s"
                        .formatted(
                                time.isEmpty() ? "" : TIME.format(Instant.parse(time)),
                                name(step),
                                who(step),
                                what(step))
                        .stripTrailing(),
                screen.columns());
    }

    static String name(JsonNode step) {
        return Printable.of(CallLine.member(step, "step").replace('_', ' '));
    }

    static String who(JsonNode step) {
        String client = CallLine.member(step, "client");
        return Printable.of(client.startsWith("arn:") ? CallLine.shortName(client) : client);
    }

    /** The subject, unless it is a request id; then detail, code and payload. */
    static String what(JsonNode step) {
        String payload = CallLine.member(step, "payload");
        return Printable.of(Stream.of(
                        subject(step),
                        detail(step),
                        code(step),
                        payload.isEmpty() ? CallLine.member(step, "payloadBase64") : payload)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("  ")));
    }

    /** What the call's id is stands in the first line already. */
    private static String detail(JsonNode step) {
        return CallLine.member(step, "step").equals("told") ? "" : CallLine.member(step, "detail");
    }

    private static String subject(JsonNode step) {
        return switch (CallLine.member(step, "step")) {
            case "received", "authorized", "refused", "handed_over", "function_failed", "told" -> "";
            default -> CallLine.member(step, "subject");
        };
    }

    private static String code(JsonNode step) {
        int code = step.path("code").asInt();
        return switch (CallLine.member(step, "step")) {
            case "told", "refused" -> "HTTP " + code;
            case "sent" -> "QoS " + code;
            default -> code == 0 ? "" : "code 0x%02x".formatted(code);
        };
    }
}
