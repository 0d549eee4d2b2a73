package dev.roundtrip.local.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.cli.Printable;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** One call in one line, in columns of a fixed width, so that lines stand below each other while they come. A screen of
 * less than 100 columns has no room for the status and the caller.
 *
 * @param time when the call began, in the local time zone
 * @param cause why it failed, in a few words; empty when it did not
 */
record CallLine(Instant time, String result, int status, String millis, String method, String caller, String cause) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
    private static final Set<String> GOOD = Set.of("ok", "accepted");
    private static final Set<String> REFUSED = Set.of("refused", "throttled");

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

    /** The titles of the columns. */
    static String head(Screen screen) {
        return CallColumns.of(screen).head();
    }

    /** The line, no longer than the screen is wide. */
    String text(Screen screen) {
        String line = CallColumns.of(screen)
                .line(List.of(
                        TIME.format(time),
                        result,
                        status == 0 ? "-" : String.valueOf(status),
                        millis,
                        method,
                        caller,
                        cause));
        String cut = Printable.cut(line, screen.columns());
        return screen.ansi().enabled() ? coloured(cut) : cut;
    }

    private String coloured(String line) {
        String colour = GOOD.contains(result) ? "32" : REFUSED.contains(result) ? "33" : "31";
        return "\u001b[" + colour + "m" + line + "\u001b[0m";
    }
}
