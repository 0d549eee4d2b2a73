package dev.roundtrip.simulator.work;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobRejectedException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An execution whose reports are made by somebody who may take the power away. */
record PoweredExecution(JobExecution execution, FaultyWork.Reporter reporter) implements JobExecution {

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
        try {
            var unused = reporter.report(details, () -> {
                execution.progress(details);
                return true;
            });
        } catch (InterruptedException off) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the power is off", off);
        }
    }

    @Override
    public boolean remember(Map<String, String> details) throws InterruptedException {
        return reporter.report(details, () -> execution.remember(details));
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
