package dev.roundtrip.local.faults;

import java.time.Duration;

/** Something that happens to some of the messages on their way through the broker; each meets one fault at the most. */
sealed interface MessageFault {

    /** The part of all messages that it happens to, more than 0 and up to 1. */
    double share();

    /** Its name in a {@link FaultSpec}. */
    default String word() {
        return getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    /** The broker takes the message, acknowledges it, and loses it. */
    record Drop(double share) implements MessageFault {}

    /** The message arrives so much later. */
    record Delay(double share, Duration by) implements MessageFault {}

    /** The message arrives twice. */
    record Duplicate(double share) implements MessageFault {}

    /** The next message to the same client overtakes it. */
    record Reorder(double share) implements MessageFault {}

    /** The message arrives so much after it expired; one that never expires is merely delayed by that. */
    record Late(double share, Duration by) implements MessageFault {}

    /** The connection of its publisher or of its subscriber breaks, before or after the message got through. */
    record Cut(double share) implements MessageFault {}

    /** If it is a request, another device answers it too, under the name of the one that was asked. */
    record Forge(double share) implements MessageFault {}
}
