package dev.roundtrip.local.iot.command;

import java.util.Arrays;
import java.util.Optional;

/** What a device or the cloud says of an execution. */
enum ExecutionStatus {
    CREATED,
    IN_PROGRESS,
    SUCCEEDED,
    FAILED,
    REJECTED,
    TIMED_OUT;

    /** The status of a word, in AWS's capital letters. */
    static Optional<ExecutionStatus> of(String word) {
        return Arrays.stream(values())
                .filter(status -> status.name().equals(word))
                .findFirst();
    }
}
