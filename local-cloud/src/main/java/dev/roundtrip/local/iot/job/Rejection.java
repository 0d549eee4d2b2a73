package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.http.ErrorType;

/** Why a thing's request is rejected: the code over MQTT, and the error over HTTP.
 *
 * <p>Source: AWS IoT developer guide, "Jobs device MQTT API", ErrorCode; model {@code iot-jobs-data-2017-09-29}.
 */
enum Rejection {
    INVALID_TOPIC("InvalidTopic", ErrorType.INVALID_REQUEST),
    INVALID_JSON("InvalidJson", ErrorType.INVALID_REQUEST),
    INVALID_REQUEST("InvalidRequest", ErrorType.INVALID_REQUEST),
    INVALID_STATE_TRANSITION("InvalidStateTransition", ErrorType.INVALID_STATE_TRANSITION),
    RESOURCE_NOT_FOUND("ResourceNotFound", ErrorType.RESOURCE_NOT_FOUND),
    VERSION_MISMATCH("VersionMismatch", ErrorType.INVALID_STATE_TRANSITION),
    INTERNAL_ERROR("InternalError", ErrorType.INTERNAL_FAILURE),
    REQUEST_THROTTLED("RequestThrottled", ErrorType.THROTTLING),
    TERMINAL_STATE_REACHED("TerminalStateReached", ErrorType.TERMINAL_STATE);

    private final String code;
    private final ErrorType type;

    Rejection(String code, ErrorType type) {
        this.code = code;
        this.type = type;
    }

    /** As {@code code} of a rejection over MQTT. */
    String code() {
        return code;
    }

    ErrorType type() {
        return type;
    }
}
