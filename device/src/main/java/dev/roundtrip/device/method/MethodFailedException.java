package dev.roundtrip.device.method;

import dev.roundtrip.protocol.DeviceError;
import java.io.Serial;

/** A method cannot do what it was asked; its error goes to the caller. The same request will fail again. */
public final class MethodFailedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String code;

    /** @param code a short word for programs
     * @param message a sentence for people; what was wanted and what was found */
    public MethodFailedException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** What the caller is told. */
    public DeviceError error() {
        return new DeviceError(code, String.valueOf(getMessage()));
    }
}
