package dev.roundtrip.local.story;

import dev.roundtrip.local.journal.Entry;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a caller was told.
 *
 * @param status of HTTP
 * @param result the function's word; null when API Gateway answered by itself
 * @param code the code of the error; null when there is none, or the journal has lost it
 * @param message of the function's error; null when there is none, or the journal has lost it
 */
public record Outcome(
        int status,
        @Nullable String result,
        @Nullable String code,
        @Nullable String message) {
    private static final int FAILURES = 400;

    /** Reads a step {@code TOLD} or {@code REFUSED}. */
    static Outcome of(Entry end) {
        Map<String, String> body = Members.texts(end.payload());
        String result = body.get("result");
        boolean ofFunction = end.detail() != null && end.payload() == null;
        return new Outcome(
                end.code(),
                result == null && ofFunction ? byStatus(end.code()) : result,
                body.get("error.code"),
                body.get("error.message"));
    }

    /** The result as far as the status says it, when the body has left the journal. */
    private static @Nullable String byStatus(int status) {
        return switch (status) {
            case 200 -> "ok";
            case 202 -> "accepted";
            case 400 -> "invalid_parameters";
            case 409 -> "refused";
            case 413 -> "too_large";
            case 429 -> "throttled";
            case 500 -> "internal_error";
            case 502 -> "device_error";
            case 503 -> "unavailable";
            case 504 -> "timeout";
            default -> null;
        };
    }

    /** Whether the caller was told of a failure. */
    public boolean isFailure() {
        return status >= FAILURES;
    }
}
