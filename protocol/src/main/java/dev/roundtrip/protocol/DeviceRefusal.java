package dev.roundtrip.protocol;

import org.jspecify.annotations.Nullable;

/** Why a device did not run a request, and will not run it.
 *
 * @param code a word for programs, 1 to 64 of {@code a-z 0-9 _}: the device's own, or one of the contract's, which are
 *     below
 * @param message a sentence for people, at most 1,024 characters, may be empty
 * @param retryAfterSeconds after how many seconds another attempt may help, 1 to 86,400; null when the device does not
 *     say
 */
public record DeviceRefusal(
        String code, String message, @Nullable Integer retryAfterSeconds) {
    /** The device has no room now; another attempt may run. */
    public static final String BUSY = "busy";

    /** The deadline is past by the device's clock, or so far ahead that the clocks disagree. */
    public static final String EXPIRED = "expired";

    /** The device has no such method. */
    public static final String UNKNOWN_METHOD = "unknown_method";

    /** The method does not take this request. */
    public static final String INVALID_REQUEST = "invalid_request";

    /** The sequence is not greater than the last one, {@code after} is not the last one, or the epoch is another. */
    public static final String OUT_OF_SEQUENCE = "out_of_sequence";

    /** The key was used for another request. */
    public static final String KEY_REUSED = "key_reused";

    /** Nothing is known of the key, and nothing was to be run. */
    public static final String UNKNOWN_KEY = "unknown_key";

    /** The longest time that a device may name, in seconds: a day, as the contract says. */
    public static final int MAX_RETRY_AFTER_SECONDS = 86_400;

    /** @throws IllegalArgumentException when the code, the message or the time breaks its rule */
    public DeviceRefusal {
        Reason.check(code, message);
        if (retryAfterSeconds != null && !isRetryAfter(retryAfterSeconds)) {
            throw new IllegalArgumentException(
                    "retryAfter must be 1 to " + MAX_RETRY_AFTER_SECONDS + " seconds, but is " + retryAfterSeconds);
        }
    }

    /** A refusal that names no time. */
    public DeviceRefusal(String code, String message) {
        this(code, message, null);
    }

    /** What a device wrote, made to follow the rules: another code becomes {@code unspecified}, a long message is cut,
     * and another time is left out.
     */
    static DeviceRefusal asFarAsReadable(String code, String message, @Nullable Long retryAfterSeconds) {
        Integer seconds = retryAfterSeconds != null && isRetryAfter(retryAfterSeconds)
                ? Integer.valueOf(retryAfterSeconds.intValue())
                : null;
        return new DeviceRefusal(Reason.codeOrUnspecified(code), Reason.shortened(message), seconds);
    }

    private static boolean isRetryAfter(long seconds) {
        return seconds >= 1 && seconds <= MAX_RETRY_AFTER_SECONDS;
    }
}
