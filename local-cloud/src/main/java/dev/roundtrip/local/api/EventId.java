package dev.roundtrip.local.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How far a stream is.
 *
 * @param entry the number of the next entry of the journal
 * @param line the number of the next line of the log
 */
record EventId(long entry, long line) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})\\.([0-9]{1,18})");

    /** Reads what a client sent; null when it is none. */
    static @Nullable EventId of(String text) {
        Matcher numbers = TEXT.matcher(text);
        return numbers.matches()
                ? new EventId(Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2)))
                : null;
    }

    @Override
    public String toString() {
        return entry + "." + line;
    }
}
