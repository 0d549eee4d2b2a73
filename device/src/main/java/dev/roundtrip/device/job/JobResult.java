package dev.roundtrip.device.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a handler ended. */
public sealed interface JobResult {
    /** The status detail that says why. AWS's IoT Device Client uses the same. */
    String REASON = "reason";

    /** It was done.
     *
     * @param details what is said of it; at most 10, with those that were reported before
     */
    record Succeeded(Map<String, String> details) implements JobResult {
        /** Copies the details. */
        public Succeeded {
            details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
        }
    }

    /** It was tried, and did not work. A job may say that the service tries again.
     *
     * @param reason a sentence for people
     * @param details what else is said of it
     */
    record Failed(String reason, Map<String, String> details) implements JobResult {
        /** Copies the details. */
        public Failed {
            details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
        }
    }

    /** Nothing was done, and trying again does not help: the service does not.
     *
     * @param reason a sentence for people
     */
    record Rejected(String reason) implements JobResult {}

    /** It goes on when the program starts again, as after a reboot: nothing is reported, and the service hands the same
     * execution over again.
     */
    record ResumesAfterRestart() implements JobResult {}

    /** The handler ended because its thread was interrupted, or {@link JobExecution#isCancelled} is true: what was done
     * is not known, except by what was remembered. A cancelled execution is over all the same; a device that is being
     * closed reports nothing, and gets the execution again; where the device's own deadline has passed, the job has
     * failed.
     */
    record Stopped() implements JobResult {}

    /** It was done. */
    static JobResult succeeded() {
        return new Succeeded(Map.of());
    }

    /** It was done, and this is said of it. */
    static JobResult succeeded(Map<String, String> details) {
        return new Succeeded(details);
    }

    /** It was tried, and did not work.
     *
     * @param reason a sentence for people
     */
    static JobResult failed(String reason) {
        return new Failed(reason, Map.of());
    }

    /** The same, and this is said of it. */
    static JobResult failed(String reason, Map<String, String> details) {
        return new Failed(reason, details);
    }

    /** Nothing was done, and trying again does not help. */
    static JobResult rejected(String reason) {
        return new Rejected(reason);
    }

    /** It goes on when the program starts again. */
    static JobResult resumesAfterRestart() {
        return new ResumesAfterRestart();
    }

    /** It was stopped before it was done. */
    static JobResult stopped() {
        return new Stopped();
    }

    /** The details with the reason first. */
    static Map<String, String> because(String reason, Map<String, String> details) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(REASON, reason);
        details.forEach(all::putIfAbsent);
        return all;
    }
}
