package dev.roundtrip.simulator.behaviour;

import dev.roundtrip.device.method.DeviceMethod;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.DeviceRefusal;
import java.time.Duration;
import java.time.Instant;

/** One thing that a device does about a command. Steps are carried out one after another, on a thread of the command's
 * own.
 */
public sealed interface Step {

    /** Run the method, once for each call: when the call is a repetition, its first outcome is recalled instead.
     * Past the deadline nothing runs and the plan ends.
     *
     * @param method what to run
     */
    record Run(DeviceMethod method) implements Step {}

    /** Fail without running anything; like {@link Run}, the first outcome of a call stays.
     *
     * @param error what the caller is told
     */
    record Fail(DeviceError error) implements Step {}

    /** Refuse without running anything; like {@link Run}, the first outcome of a call stays.
     *
     * @param refusal what the caller is told
     */
    record Refuse(DeviceRefusal refusal) implements Step {}

    /** Wait for a while.
     *
     * @param duration zero or more
     */
    record Pause(Duration duration) implements Step {}

    /** Wait until an instant by the device's clock.
     *
     * @param instant when to go on; may be past
     */
    record PauseUntil(Instant instant) implements Step {}

    /** Publish the outcome; nothing happens when there is none. */
    record Answer() implements Step {}

    /** Publish bytes where the answer belongs.
     *
     * @param payload anything
     */
    @SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
    record Garbage(byte[] payload) implements Step {
        /** Copies the payload. */
        public Garbage {
            payload = payload.clone();
        }

        @Override
        public byte[] payload() {
            return payload.clone();
        }
    }
}
