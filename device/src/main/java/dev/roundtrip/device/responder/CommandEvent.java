package dev.roundtrip.device.responder;

import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.Target;
import java.time.Duration;
import java.time.Instant;

/** Something that happened at a device. Of one command: {@link Received} first; {@link Ran} at most once in all; then
 * how it ended.
 */
public sealed interface CommandEvent {

    /** A well-formed command came; repetitions count too. */
    record Received(Command command) implements CommandEvent {}

    /** Its method begins to run now; told at most once for each message id.
     *
     * @param at by the device's clock, never past the command's deadline
     */
    record Ran(Command command, Instant at) implements CommandEvent {}

    /** The message id, or the key, was seen before: it will not run again, and gets the outcome when there is one. */
    record Repeated(Command command) implements CommandEvent {}

    /** It was not run. {@link Answered} or {@link Unanswered} follows, except when the device is being closed.
     *
     * @param reason why
     */
    record Refused(Command command, DeviceRefusal reason) implements CommandEvent {}

    /** The broker took an answer, or garbage in its place; twice for a device that says everything twice.
     *
     * @param outcome {@code ok}, the code of the error or the refusal, or {@code garbage}
     * @param payload what was published, as text; the caller's business, not to be logged
     * @param elapsed since the command's arrival
     */
    record Answered(Command command, String outcome, String payload, Duration elapsed) implements CommandEvent {}

    /** Its plan ended and nothing was published.
     *
     * @param reason why, one sentence
     */
    record Unanswered(Command command, String reason) implements CommandEvent {}

    /** A message was no command for this device, and was dropped.
     *
     * @param device who got it
     * @param reason why, one line without the payload
     */
    record Discarded(Target device, String reason) implements CommandEvent {}
}
