package dev.roundtrip.device.operation;

/** How a step ended. */
public sealed interface StepOutcome {

    /** It ran, as a program would.
     *
     * @param status 0 when it was done
     * @param output what it says
     * @param errors what it complains of
     */
    record Ran(int status, String output, String errors) implements StepOutcome {}

    /** It goes on when the program starts again: the step is called again then. */
    record ResumesAfterRestart() implements StepOutcome {}

    /** It was done. */
    static StepOutcome done(String output) {
        return new Ran(0, output, "");
    }

    /** It did not work.
     *
     * @param status any but 0
     * @param errors what it complains of
     */
    static StepOutcome failed(int status, String errors) {
        return new Ran(status, "", errors);
    }

    /** It goes on when the program starts again. */
    static StepOutcome resumesAfterRestart() {
        return new ResumesAfterRestart();
    }
}
