package dev.roundtrip.device.command;

/** Carries commands out. Thread-safe, unless one execution runs at a time: each runs on its own virtual thread. */
@FunctionalInterface
public interface ExecutionHandler {

    /** Carries one out; may block.
     *
     * @return how it ended
     * @throws CommandRejectedException when nothing was done: the execution ends as REJECTED
     * @throws Exception any other is a defect: the execution ends as FAILED with the code {@code INTERNAL}, without the
     *     exception's message
     */
    ExecutionResult handle(CommandExecution execution) throws Exception;
}
