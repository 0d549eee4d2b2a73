package dev.roundtrip.device.shadow;

import java.io.Serial;

/** A device does not apply a desired value; the acknowledgement beside the value says so. */
public final class ShadowRefusedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** The first code that says that a value was not applied. */
    private static final int FIRST_CODE = 400;

    private static final int LAST_CODE = 599;

    private final int code;

    /** @param code 400 to 599, as HTTP has them
     * @param text a sentence for people
     * @throws IllegalArgumentException when the code is another one
     */
    public ShadowRefusedException(int code, String text) {
        super(text);
        if (code < FIRST_CODE || code > LAST_CODE) {
            throw new IllegalArgumentException("the code of a refusal must be 400 to 599, but is " + code);
        }
        this.code = code;
    }

    /** 400 to 599. */
    public int code() {
        return code;
    }
}
