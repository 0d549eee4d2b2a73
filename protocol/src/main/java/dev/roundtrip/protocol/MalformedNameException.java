package dev.roundtrip.protocol;

/** A text is not the name it was given as. The message is one sentence for whoever typed it. Trying again cannot help.
 */
public final class MalformedNameException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    MalformedNameException(String message) {
        super(message);
    }
}
