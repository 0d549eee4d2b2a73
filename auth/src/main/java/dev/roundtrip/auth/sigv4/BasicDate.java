package dev.roundtrip.auth.sigv4;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The time format of Signature Version 4: ISO 8601 basic format, {@code 20150830T123600Z}. */
final class BasicDate {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int LENGTH = "yyyyMMddTHHmmssZ".length();

    private BasicDate() {}

    static String format(Instant time) {
        return FORMAT.format(time);
    }

    /** @throws RefusalException when the text is not of this format */
    static Instant parse(String text) throws RefusalException {
        if (text.length() == LENGTH && text.charAt(8) == 'T' && text.charAt(15) == 'Z') {
            try {
                return LocalDateTime.of(
                                number(text, 0, 4),
                                number(text, 4, 6),
                                number(text, 6, 8),
                                number(text, 9, 11),
                                number(text, 11, 13),
                                number(text, 13, 15))
                        .toInstant(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                throw notADate(text);
            }
        }
        throw notADate(text);
    }

    private static int number(String text, int from, int to) throws RefusalException {
        int number = 0;
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                throw notADate(text);
            }
            number = number * 10 + (digit - '0');
        }
        return number;
    }

    private static RefusalException notADate(String text) {
        return RefusalException.incomplete("Date must be in ISO-8601 'basic format'. Got '" + text
                + "'. See http://en.wikipedia.org/wiki/ISO_8601");
    }
}
