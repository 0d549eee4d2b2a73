package dev.roundtrip.local.iot.data;

import dev.roundtrip.local.http.HttpEndpoint.Denial;
import org.jspecify.annotations.Nullable;

/** A request is not served; the message is for its sender. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorType type;
    private final transient @Nullable Denial denial;

    Refusal(ErrorType type, String message) {
        this(type, message, null);
    }

    /** @param denial what policies do not allow, for the log */
    Refusal(ErrorType type, String message, @Nullable Denial denial) {
        super(message);
        this.type = type;
        this.denial = denial;
    }

    @Nullable Denial denial() {
        return denial;
    }

    ErrorType type() {
        return type;
    }
}
