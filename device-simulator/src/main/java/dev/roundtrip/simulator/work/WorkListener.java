package dev.roundtrip.simulator.work;

import dev.roundtrip.protocol.Target;

/** Hears what simulated devices have done for jobs, whatever the service was told of it: the ledger. Called on many
 * threads: must be thread-safe and quick.
 */
@FunctionalInterface
public interface WorkListener {

    /** A step of the operation {@code work} was done.
     *
     * @param device who did it
     * @param jobId for which job
     * @param step from 1
     */
    void done(Target device, String jobId, int step);
}
