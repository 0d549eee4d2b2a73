package dev.roundtrip.device.method;

import dev.roundtrip.protocol.DeviceError;
import java.io.Serial;

/** A method ran and failed; its error goes to the caller. */
public final class MethodFailedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String code;

    /** @param code a word for programs, 1 to 64 of {@code a-z 0-9 _}; another one becomes {@code unspecified}
     * @param message a sentence for people: what was wanted and what was found; cut after 1,024 characters
     */
    public MethodFailedException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** What the caller is told. */
    public DeviceError error() {
        return DeviceError.asFarAsReadable(code, String.valueOf(getMessage()));
    }
}
