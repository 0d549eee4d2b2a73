package dev.roundtrip.local.iot.registry;

import java.util.Map;

/** The registry refuses a change, or lacks what was asked for. Nothing was changed; another try does not help. */
public final class RegistryException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final transient Map<String, String> members;

    /** Why; the names are those of errors in AWS's service model {@code iot-2015-05-28}. */
    public enum Reason {
        INVALID_REQUEST,
        MALFORMED_POLICY,
        CERTIFICATE_VALIDATION,
        RESOURCE_NOT_FOUND,
        CERTIFICATE_STATE,
        RESOURCE_ALREADY_EXISTS,
        DELETE_CONFLICT,
        VERSION_CONFLICT,
        VERSIONS_LIMIT_EXCEEDED,
        LIMIT_EXCEEDED
    }

    /** @param message for who asked */
    public RegistryException(Reason reason, String message) {
        this(reason, message, Map.of());
    }

    private RegistryException(Reason reason, String message, Map<String, String> members) {
        super(message);
        this.reason = reason;
        this.members = Map.copyOf(members);
    }

    /** There is another one of this name. */
    static RegistryException exists(String message, String resourceId, String resourceArn) {
        return new RegistryException(
                Reason.RESOURCE_ALREADY_EXISTS, message, Map.of("resourceId", resourceId, "resourceArn", resourceArn));
    }

    /** There is none of this name. */
    static RegistryException notFound(String message) {
        return new RegistryException(Reason.RESOURCE_NOT_FOUND, message);
    }

    public Reason reason() {
        return reason;
    }

    /** What the error has beside the message. */
    public Map<String, String> members() {
        return members;
    }
}
