package dev.roundtrip.device.method;

import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.DeviceRefusal;
import java.io.Serial;
import java.time.Duration;

/** A method does not run the call, and has done nothing; its refusal goes to the caller. To be thrown before anything
 * is done: afterwards a {@link MethodFailedException} is the truth.
 */
public final class RefusedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient DeviceRefusal refusal;

    /** @param code a word for programs, 1 to 64 of {@code a-z 0-9 _}
     * @param message a sentence for people; cut after 1,024 characters
     * @throws IllegalArgumentException when the code breaks its rule
     */
    public RefusedException(String code, String message) {
        this(new DeviceRefusal(code, cut(message)));
    }

    /** @param refusal what the caller is told */
    public RefusedException(DeviceRefusal refusal) {
        super(refusal.code() + ": " + refusal.message());
        this.refusal = refusal;
    }

    /** The device has no room for the call now.
     *
     * @param message a sentence for people; cut after 1,024 characters
     * @param retryAfter when another attempt may help, 1 s to a day
     */
    public static RefusedException busy(String message, Duration retryAfter) {
        return new RefusedException(
                new DeviceRefusal(DeviceRefusal.BUSY, cut(message), Math.toIntExact(retryAfter.toSeconds())));
    }

    /** Nothing was done: a long message must not make a failure of the refusal. */
    private static String cut(String message) {
        return DeviceError.asFarAsReadable(DeviceRefusal.INVALID_REQUEST, message)
                .message();
    }

    /** What the caller is told. */
    public DeviceRefusal refusal() {
        return refusal;
    }
}
