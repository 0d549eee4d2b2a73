package dev.roundtrip.local.http.operation;

import dev.roundtrip.local.http.Denial;
import dev.roundtrip.local.http.ErrorType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An operation is refused; the message is for its sender. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorType type;
    private final transient @Nullable Denial denial;
    private final transient Map<String, String> members;

    public Refusal(ErrorType type, String message) {
        this(type, message, Map.of());
    }

    /** @param members what the error's type has beside the message in AWS's model, such as {@code resourceArn} */
    public Refusal(ErrorType type, String message, Map<String, String> members) {
        super(message);
        this.type = type;
        this.denial = null;
        this.members = Map.copyOf(members);
    }

    /** @param denial what policies do not allow, for the log */
    Refusal(ErrorType type, String message, Denial denial) {
        super(message);
        this.type = type;
        this.denial = denial;
        this.members = Map.of();
    }

    /** An input that the operation does not take. */
    public static Refusal invalid(String message) {
        return new Refusal(ErrorType.INVALID_REQUEST, message);
    }

    @Nullable Denial denial() {
        return denial;
    }

    Map<String, String> members() {
        return members;
    }

    /** The error's type. */
    public ErrorType type() {
        return type;
    }
}
