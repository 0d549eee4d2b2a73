package dev.roundtrip.device.operation;

import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobHandler;
import dev.roundtrip.device.job.JobResult;

/** Reports how the device is, in the status details: the operation {@code diagnostics}. */
public final class Diagnostics implements JobHandler {
    private final DiagnosticsPort port;

    /** @param port looks */
    public Diagnostics(DiagnosticsPort port) {
        this.port = port;
    }

    @Override
    public JobResult handle(JobExecution execution) throws Exception {
        return JobResult.succeeded(port.look(execution.document()));
    }
}
