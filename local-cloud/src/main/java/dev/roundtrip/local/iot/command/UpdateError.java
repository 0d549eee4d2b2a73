package dev.roundtrip.local.iot.command;

/** How a device's update is refused.
 *
 * <p>Source: AWS IoT developer guide, "Troubleshoot commands"; the words of the AWS IoT Device SDK, 2026.
 */
enum UpdateError {
    INVALID_TOPIC("InvalidTopic"),
    INVALID_JSON("InvalidJson"),
    INVALID_REQUEST("InvalidRequest"),
    INVALID_STATE_TRANSITION("InvalidStateTransition"),
    RESOURCE_NOT_FOUND("ResourceNotFound"),
    TERMINAL_STATE_REACHED("TerminalStateReached"),
    /** Another update of the execution was under way; worth another try. */
    DATA_CONFLICT("DataConflict"),
    /** Worth another try. */
    INTERNAL_ERROR("InternalError");

    private final String word;

    UpdateError(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
