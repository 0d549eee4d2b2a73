package dev.roundtrip.device.command;

import java.io.Serial;

/** A device did nothing for a command, and will do nothing: the execution ends as REJECTED. */
public final class CommandRejectedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** The code of a payload that the handler does not understand. */
    public static final String INVALID_PAYLOAD = "INVALID_PAYLOAD";

    private final String code;

    /** @param code 1 to 64 of {@code A-Z 0-9 _ -}
     * @param description a sentence for people
     * @throws IllegalArgumentException when there can be no such code
     */
    public CommandRejectedException(String code, String description) {
        super(description);
        this.code = StatusReason.checked(code);
    }

    /** For programs. */
    public String code() {
        return code;
    }
}
