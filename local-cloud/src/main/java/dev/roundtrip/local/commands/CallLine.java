package dev.roundtrip.local.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.cli.Printable;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Help.Ansi;

/** One call in one line, in columns of a fixed width, so that lines stand below each other while they come.
 *
 * @param time when the call began, in the local time zone
 * @param cause why it failed, in a few words; empty when it did not
 */
record CallLine(Instant time, String result, int status, String millis, String method, String caller, String cause) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
    private static final Set<String> GOOD = Set.of("ok", "accepted");
    private static final Set<String> REFUSED = Set.of("refused", "throttled");

    static final String HEAD = format("time", "result", "status", "ms", "target.method", "caller", "cause");

    /** @param call as the local API tells it */
    static CallLine of(JsonNode call) {
        JsonNode diagnosis = call.path("diagnosis");
        String cause = member(diagnosis, "cause");
        String result = member(call, "result");
        return new CallLine(
                Instant.parse(call.path("started").asText("1970-01-01T00:00:00Z")),
                Printable.of(result.isEmpty() ? "-" : result),
                call.path("status").asInt(),
                millis(call.path("elapsedMillis")),
                Printable.of(method(call)),
                Printable.of(shortName(member(call, "caller"))),
                cause.equals(result) ? "" : Printable.of(cause.replace('_', ' ')));
    }

    /** A member as text; empty when it is missing or null. */
    static String member(JsonNode object, String name) {
        return object.hasNonNull(name) ? object.path(name).asText() : "";
    }

    /** Milliseconds with one decimal; a dash while nobody knows. */
    static String millis(JsonNode number) {
        return number.isNumber() ? String.format(Locale.ROOT, "%.1f", number.asDouble()) : "-";
    }

    static String method(JsonNode call) {
        String target = member(call, "target");
        return target.isEmpty() ? "-" : target + "." + member(call, "method");
    }

    /** The name at the end of an ARN. */
    static String shortName(String arn) {
        return arn.isEmpty() ? "-" : arn.substring(arn.lastIndexOf('/') + 1);
    }

    /** The line, no longer than a width. */
    String text(int columns, Ansi ansi) {
        String line = format(
                TIME.format(time), result, status == 0 ? "-" : String.valueOf(status), millis, method, caller, cause);
        String cut = Printable.cut(line, columns);
        return ansi.enabled() ? coloured(cut) : cut;
    }

    private static String format(
            String time, String result, String status, String millis, String method, String caller, String cause) {
        return "%-12s  %-18s  %6s  %9s  %-28s  %-16s  %s"
                .formatted(time, result, status, millis, method, caller, cause)
                .stripTrailing();
    }

    private String coloured(String line) {
        String colour = GOOD.contains(result) ? "32" : REFUSED.contains(result) ? "33" : "31";
        return "\u001b[" + colour + "m" + line + "\u001b[0m";
    }
}
