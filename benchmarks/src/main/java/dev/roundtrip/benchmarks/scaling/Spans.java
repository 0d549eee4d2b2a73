package dev.roundtrip.benchmarks.scaling;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Spans of time as people write them: {@code 10ms}, {@code 2s}, {@code 1m}. */
final class Spans implements ITypeConverter<Duration> {
    private static final Pattern SPAN = Pattern.compile("([0-9]{1,9})(ms|s|m)");

    @Override
    public Duration convert(String text) {
        Matcher parts = SPAN.matcher(text);
        if (!parts.matches()) {
            throw new TypeConversionException("'" + text + "' is no span of time such as 10ms, 2s or 1m");
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
        };
    }

    /** In seconds from one second on, in milliseconds below. */
    static String format(Duration span) {
        return span.toMillisPart() == 0 ? span.toSeconds() + " s" : span.toMillis() + " ms";
    }
}
