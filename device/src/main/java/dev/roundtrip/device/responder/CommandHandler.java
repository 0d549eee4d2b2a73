package dev.roundtrip.device.responder;

/** Decides what a device does about a command. */
@FunctionalInterface
public interface CommandHandler {

    /** What to do about this delivery of a command. A repetition of a command that has ended is a delivery too: it runs
     * nothing, and its reaction gives the outcome again.
     *
     * <p>Called for one command of a device at a time, in the order of arrival. Must not block.
     */
    Decision decide(Command command);
}
