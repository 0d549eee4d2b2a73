package dev.roundtrip.protocol;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which trace a request belongs to, in the words of its header {@code traceparent}: handed on as it came.
 *
 * <p>Source: W3C Trace Context, level 1, version 00.
 *
 * @param value {@code 00-<trace id>-<parent id>-<flags>}: 55 characters, the ids in lower-case hexadecimal
 */
public record TraceParent(String value) {
    private static final Pattern FORM = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    /** The characters before the trace id. */
    private static final int VERSION_LENGTH = "00-".length();

    private static final int TRACE_ID_LENGTH = 32;

    /** @throws MalformedNameException when the value is anything else, or one of its ids is all zeros */
    public TraceParent {
        if (!FORM.matcher(value).matches()) {
            throw new MalformedNameException("traceparent must be 00, a trace id, a parent id and flags");
        }
    }

    /** What a header says; null when it says nothing that counts. Whoever reads a header passes over any other value,
     * and does not refuse the request for it.
     */
    public static @Nullable TraceParent read(String header) {
        return FORM.matcher(header).matches() ? new TraceParent(header) : null;
    }

    /** The id of the whole trace: 32 characters, lower-case hexadecimal. */
    public String traceId() {
        return value.substring(VERSION_LENGTH, VERSION_LENGTH + TRACE_ID_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }
}
