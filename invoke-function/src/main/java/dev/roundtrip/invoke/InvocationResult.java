package dev.roundtrip.invoke;

import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.DeviceMemory;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.JsonText;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a call ended. */
public sealed interface InvocationResult {

    /** The device answered in time.
     *
     * @param response any JSON value as the device wrote it, JSON null included
     * @param memory what the device says of order and keys
     */
    record Ok(JsonText response, DeviceMemory memory) implements InvocationResult {

        /** The end of a call without order and key. */
        public Ok(JsonText response) {
            this(response, DeviceMemory.NONE);
        }
    }

    /** The device answered that the method failed. It ran.
     *
     * @param error why
     * @param memory what the device says of order and keys
     */
    record DeviceFailed(DeviceError error, DeviceMemory memory) implements InvocationResult {

        /** The end of a call without order and key. */
        public DeviceFailed(DeviceError error) {
            this(error, DeviceMemory.NONE);
        }
    }

    /** The device answered, and its answer cannot be read. It ran.
     *
     * @param message what is wrong with the answer, without quoting it
     */
    record Unreadable(String message) implements InvocationResult {}

    /** The device answered that it did not run the method, and will not run it for this attempt.
     *
     * @param refusal why
     * @param memory what the device says of order and keys
     */
    record Refused(DeviceRefusal refusal, DeviceMemory memory) implements InvocationResult {

        /** The end of a call without order and key. */
        public Refused(DeviceRefusal refusal) {
            this(refusal, DeviceMemory.NONE);
        }
    }

    /** Handed over to the broker for a caller that does not wait for the device. It may run. */
    record Accepted() implements InvocationResult {}

    /** Sent, and no answer until the deadline. It may have run. */
    record TimedOut() implements InvocationResult {}

    /** A defect of ours. It may have run. */
    record Defect() implements InvocationResult {}

    /** The call was refused before anything reached the device. It did not run, and never will. */
    sealed interface NotSent extends InvocationResult {}

    /** The device is known not to be connected.
     *
     * @param since since when, null when nobody knows
     * @param reason why, as AWS IoT names it, null when nobody knows
     */
    record Offline(@Nullable Instant since, @Nullable String reason) implements NotSent {}

    /** The broker could not be reached, or refused.
     *
     * @param message a sentence for the caller, without a full stop
     */
    record Unavailable(String message) implements NotSent {}

    /** A limit of the broker or of the gateway.
     *
     * @param message a sentence for the caller, without a full stop
     */
    record Throttled(String message) implements NotSent {}

    /** The topic or the payload would be longer than the broker takes.
     *
     * @param message a sentence for the caller, without a full stop
     */
    record TooLarge(String message) implements NotSent {}

    /** The call is not one.
     *
     * @param problems every problem, at least one
     */
    record Invalid(List<Problem> problems) implements NotSent {}
}
