package dev.roundtrip.device.operation;

/** Runs steps in the device's own code: no shell and no program is started by the library. */
@FunctionalInterface
public interface StepHandler {

    /** Runs one; may block, and is interrupted when the job is to end.
     *
     * @return how it ended. A step that restarts the device, and was described by {@link Steps#onResuming}, says on its
     *     second call that it is done
     * @throws Exception the step has failed with status 1, without the exception's message
     */
    StepOutcome run(Step step) throws Exception;
}
