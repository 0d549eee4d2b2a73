package dev.roundtrip.device.operation;

import dev.roundtrip.device.job.JobExecution;
import java.util.List;

/** One step of a document of the AWS IoT Device Client.
 *
 * @param name of the step
 * @param handler the name of the handler, or the first word of a command
 * @param arguments as the document has them; none is read by a shell
 * @param user {@code runAsUser}; may be empty
 * @param isResumed whether it was called before, and a restart came
 * @param execution the job that it belongs to
 */
public record Step(
        String name, String handler, List<String> arguments, String user, boolean isResumed, JobExecution execution) {
    /** Copies the arguments. */
    public Step {
        arguments = List.copyOf(arguments);
    }
}
