package dev.roundtrip.local.http.operation;

import dev.roundtrip.local.http.HttpEndpoint.Denial;
import org.jspecify.annotations.Nullable;

/** A request is not served; the message is for its sender. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorType type;
    private final transient @Nullable Denial denial;

    public Refusal(ErrorType type, String message) {
        this(type, message, null);
    }

    /** @param denial what policies do not allow, for the log */
    public Refusal(ErrorType type, String message, @Nullable Denial denial) {
        super(message);
        this.type = type;
        this.denial = denial;
    }

    @Nullable public Denial denial() {
        return denial;
    }

    public ErrorType type() {
        return type;
    }
}
