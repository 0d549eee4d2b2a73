package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.InvocationResult;

/** The broker did not do what it was asked; what was to be sent then has certainly not been. The message is a sentence
 * for the caller.
 */
public final class MqttException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String sentence;

    /** What trying again can do. */
    public enum Kind {
        /** The broker could not be reached, or refused: it may be back later. */
        UNAVAILABLE,
        /** A limit was reached: slow down, then try again. */
        THROTTLED
    }

    /** @param sentence for the caller, without a full stop and without secrets */
    public MqttException(Kind kind, String sentence) {
        super(sentence);
        this.kind = kind;
        this.sentence = sentence;
    }

    Kind kind() {
        return kind;
    }

    /** How a call ends for which this happened before its command was handed to the broker. */
    public InvocationResult.NotSent result() {
        return switch (kind) {
            case UNAVAILABLE -> new InvocationResult.Unavailable(sentence);
            case THROTTLED -> new InvocationResult.Throttled(sentence);
        };
    }
}
