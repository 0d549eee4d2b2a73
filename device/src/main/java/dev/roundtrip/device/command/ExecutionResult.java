package dev.roundtrip.device.command;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How an execution ended.
 *
 * @param status the last one
 * @param reason why; null when nothing is to be said
 * @param values the result, by name; may be empty
 */
public record ExecutionResult(Status status, @Nullable StatusReason reason, Map<String, ResultValue> values) {
    /** Source: the model of AWS IoT Commands, {@code CommandExecutionResultName}. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,32}");

    /** How many values a result has at most; our choice. */
    private static final int MOST_VALUES = 100;

    /** The statuses that end an execution. */
    public enum Status {
        /** It was done. */
        SUCCEEDED,
        /** It was tried, and did not work. */
        FAILED,
        /** Nothing was done. */
        REJECTED,
        /** The time was over before it was done. */
        TIMED_OUT
    }

    /** Copies the values. */
    public ExecutionResult {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** It was done. */
    public static ExecutionResult succeeded() {
        return new ExecutionResult(Status.SUCCEEDED, null, Map.of());
    }

    /** It was tried, and did not work.
     *
     * @param code 1 to 64 of {@code A-Z 0-9 _ -}
     * @param description a sentence for people
     * @throws IllegalArgumentException when there can be no such code
     */
    public static ExecutionResult failed(String code, String description) {
        return new ExecutionResult(Status.FAILED, new StatusReason(code, description), Map.of());
    }

    /** Nothing was done.
     *
     * @param code 1 to 64 of {@code A-Z 0-9 _ -}
     * @param description a sentence for people
     * @throws IllegalArgumentException when there can be no such code
     */
    public static ExecutionResult rejected(String code, String description) {
        return new ExecutionResult(Status.REJECTED, new StatusReason(code, description), Map.of());
    }

    /** The time was over before it was done.
     *
     * @param code 1 to 64 of {@code A-Z 0-9 _ -}
     * @param description a sentence for people
     * @throws IllegalArgumentException when there can be no such code
     */
    public static ExecutionResult timedOut(String code, String description) {
        return new ExecutionResult(Status.TIMED_OUT, new StatusReason(code, description), Map.of());
    }

    /** The same with a text. An empty value is left out, for the service takes none.
     *
     * @param name 1 to 32 of {@code a-z A-Z 0-9 _ -}
     * @throws IllegalArgumentException when there can be no such name, or there are 100 values already
     */
    public ExecutionResult with(String name, String value) {
        return value.isEmpty() ? this : with(name, new ResultValue.Text(value));
    }

    /** The same with true or false; see {@link #with(String, String)}. */
    public ExecutionResult with(String name, boolean value) {
        return with(name, new ResultValue.Flag(value));
    }

    /** The same with bytes; see {@link #with(String, String)}. */
    public ExecutionResult with(String name, byte[] value) {
        return value.length == 0 ? this : with(name, new ResultValue.Bytes(value));
    }

    private ExecutionResult with(String name, ResultValue value) {
        if (!NAME.matcher(name).matches() || values.size() >= MOST_VALUES) {
            throw new IllegalArgumentException(
                    "a result has at most " + MOST_VALUES + " values; a name has 1 to 32 of a-z A-Z 0-9 _ -");
        }
        Map<String, ResultValue> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new ExecutionResult(status, reason, more);
    }
}
