package dev.roundtrip.local.faults;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write them: {@code 200ms}, {@code 2s}, {@code 1m}. */
final class Durations {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})(ms|s|m)");
    private static final Duration MAX = Duration.ofHours(1);

    private Durations() {}

    /** @throws IllegalArgumentException when it is none, or longer than an hour */
    static Duration read(String name, String text) {
        Matcher matcher = TEXT.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            Duration duration = switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                default -> Duration.ofMinutes(number);
            };
            if (duration.compareTo(MAX) <= 0) {
                return duration;
            }
        }
        throw new IllegalArgumentException("the time of " + name
                + " must be one such as 200ms, 2s or 1m, an hour at the most, but is '" + text + "'");
    }

    static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
