package dev.roundtrip.local.http.operation;

import dev.roundtrip.local.http.Denial;
import dev.roundtrip.local.http.ErrorType;
import org.jspecify.annotations.Nullable;

/** An operation is refused; the message is for its sender. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorType type;
    private final transient @Nullable Denial denial;

    public Refusal(ErrorType type, String message) {
        this(type, message, null);
    }

    /** @param denial what policies do not allow, for the log */
    Refusal(ErrorType type, String message, @Nullable Denial denial) {
        super(message);
        this.type = type;
        this.denial = denial;
    }

    /** An input that the operation does not take. */
    public static Refusal invalid(String message) {
        return new Refusal(ErrorType.INVALID_REQUEST, message);
    }

    @Nullable Denial denial() {
        return denial;
    }

    /** The error's type. */
    public ErrorType type() {
        return type;
    }
}
