package dev.roundtrip.simulator.work;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobRejectedException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An execution at whose reports somebody looks. */
record PoweredExecution(JobExecution execution, FaultyWork.Watch watch) implements JobExecution {

    @Override
    public String jobId() {
        return execution.jobId();
    }

    @Override
    public long executionNumber() {
        return execution.executionNumber();
    }

    @Override
    public JsonNode document() {
        return execution.document();
    }

    @Override
    public <T> T as(Class<T> type) throws JobRejectedException {
        return execution.as(type);
    }

    @Override
    public JsonNode freshDocument() throws InterruptedException {
        return execution.freshDocument();
    }

    @Override
    public Map<String, String> memory() {
        return execution.memory();
    }

    @Override
    public void progress(Map<String, String> details) {
        execution.progress(details);
        try {
            watch.reported(details);
        } catch (InterruptedException off) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the power is off", off);
        }
    }

    @Override
    public boolean remember(Map<String, String> details) throws InterruptedException {
        boolean isKnown = execution.remember(details);
        watch.reported(details);
        return isKnown;
    }

    @Override
    public @Nullable Duration remaining() {
        return execution.remaining();
    }

    @Override
    public boolean isCancelled() {
        return execution.isCancelled();
    }
}
