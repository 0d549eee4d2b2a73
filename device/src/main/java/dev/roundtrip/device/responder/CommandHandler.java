package dev.roundtrip.device.responder;

/** Decides what a device does about a command. */
@FunctionalInterface
public interface CommandHandler {

    /** What to do about this delivery of a command. Repetitions of a command that has ended are deliveries too.
     *
     * <p>Called for one command of a device at a time, in the order of arrival. Must not block.
     */
    Reaction reactTo(Command command);
}
