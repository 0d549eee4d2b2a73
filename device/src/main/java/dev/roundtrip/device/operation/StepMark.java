package dev.roundtrip.device.operation;

import dev.roundtrip.device.job.JobExecution;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far the steps of a job are, as the service remembers it over a restart. It is written before a step begins.
 *
 * @param number of the step, from 0
 * @param state what is known of that step
 */
record StepMark(int number, State state) {
    private static final String STEP = "step";
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,4}) (begun|resumes)");

    /** What is known of a step. */
    enum State {
        /** It has not begun. */
        WAITS,
        /** It has begun, and nobody knows how it ended. */
        BEGUN,
        /** It has said that it goes on after a restart. */
        RESUMES
    }

    /** The mark before the restart; that of the first step where there was none. */
    static StepMark of(JobExecution execution) {
        Matcher text = TEXT.matcher(execution.memory().getOrDefault(STEP, ""));
        return text.matches()
                ? new StepMark(
                        Integer.parseInt(text.group(1)), text.group(2).equals("begun") ? State.BEGUN : State.RESUMES)
                : new StepMark(0, State.WAITS);
    }

    /** The details of a step that is to begin now: those before it are done. */
    static Map<String, String> begun(int number) {
        return Map.of(STEP, number + " begun");
    }

    /** The details of a step that goes on after a restart. */
    static Map<String, String> resumes(int number) {
        return Map.of(STEP, number + " resumes");
    }

    boolean isBegun() {
        return state == State.BEGUN;
    }

    /** Whether the step was called before. */
    boolean isResumed() {
        return state != State.WAITS;
    }
}
