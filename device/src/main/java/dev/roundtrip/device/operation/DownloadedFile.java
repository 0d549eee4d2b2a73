package dev.roundtrip.device.operation;

import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobResult;
import java.nio.file.Path;

/** What is done with a file that was fetched, such as an update of the firmware. */
@FunctionalInterface
public interface DownloadedFile {

    /** Called when the file is complete and its SHA-256 is right; after a reboot before the end, called again.
     *
     * @return how the job ended
     * @throws Exception as with {@link dev.roundtrip.device.job.JobHandler#handle}
     */
    JobResult arrived(Path file, JobExecution execution) throws Exception;
}
