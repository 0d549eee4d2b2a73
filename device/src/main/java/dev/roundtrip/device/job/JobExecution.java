package dev.roundtrip.device.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One execution of a job at its device. Thread-safe. */
public interface JobExecution {

    /** The job's id. */
    String jobId();

    /** Tells a retry from a duplicate: a retry of the service has the next number. */
    long executionNumber();

    /** What is to be done, a JSON object. */
    JsonNode document();

    /** The document as a record, or what else Jackson can read; members that a record does not have are ignored.
     *
     * @throws JobRejectedException when the document is no {@code T}
     */
    <T> T as(Class<T> type) throws JobRejectedException;

    /** The document as the service hands it out now: presigned URLs in it are new.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    JsonNode freshDocument() throws InterruptedException;

    /** The status details that the service had when it handed the execution over: empty, unless a reboot or a restart
     * came between.
     */
    Map<String, String> memory();

    /** Reports that the execution goes on, and adds these details to those before. Never blocks: of reports that wait
     * for the service the last one counts. Re-arms the step timer, when there is one.
     *
     * @param details 10 at most, with those before: what was remembered stays, and older progress is left out where
     *     there is no room. What the service would not take is changed
     */
    void progress(Map<String, String> details);

    /** Adds these details to those before, and waits until the service has them: from then on a reboot does not lose
     * them. Progress makes room for them.
     *
     * @param details 10 at most, with what was remembered before; keys of 1 to 128 of {@code a-z A-Z 0-9 : _ -}, values
     *     of 1 to 1,024 characters without control characters
     * @return whether the service has it; false when the execution is cancelled, the device is being closed, or the
     *     service refuses it: nothing is to be done that is not known. End with {@link JobResult#stopped}
     * @throws IllegalArgumentException when the service would not give the same details back, or they are too many
     * @throws InterruptedException when the thread is interrupted
     */
    boolean remember(Map<String, String> details) throws InterruptedException;

    /** The time that is left to the device's own deadline, zero when it has passed; null when there is none. */
    @Nullable Duration remaining();

    /** Whether a handler is to end: the execution is cancelled, its time is over, or the device is being closed. */
    boolean isCancelled();
}
