package dev.roundtrip.invoke.lambda;

/** A setting is missing or malformed; the message is one line that names it and says what to do. Trying again cannot
 * help.
 */
public final class InvalidSettingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidSettingException(String message) {
        super(message);
    }
}
