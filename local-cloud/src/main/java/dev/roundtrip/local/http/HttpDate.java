package dev.roundtrip.local.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The {@code Date} header, formatted once a second. */
public final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static volatile Formatted last = new Formatted(0, FORMAT.format(Instant.EPOCH));

    private HttpDate() {}

    private record Formatted(long second, String text) {}

    public static String format(Instant time) {
        Formatted formatted = last;
        if (formatted.second != time.getEpochSecond()) {
            formatted = new Formatted(time.getEpochSecond(), FORMAT.format(time));
            last = formatted;
        }
        return formatted.text;
    }
}
