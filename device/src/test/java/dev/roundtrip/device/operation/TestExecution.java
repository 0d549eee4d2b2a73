package dev.roundtrip.device.operation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobRejectedException;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An execution without a service: what is remembered stays in a map, which outlives a restart. */
public final class TestExecution implements JobExecution {
    final Map<String, String> details;
    JsonNode fresh;
    volatile boolean isCancelled;
    private final JsonNode document;
    private final Map<String, String> memory;

    TestExecution(String document, Map<String, String> details) {
        this.document = json(document);
        this.fresh = this.document;
        this.details = details;
        this.memory = Map.copyOf(details);
    }

    /** An execution that nothing is remembered of.
     *
     * @param document JSON with single quotes
     */
    public TestExecution(String document) {
        this(document, new HashMap<>());
    }

    static JsonNode json(String text) {
        try {
            return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        } catch (MalformedJsonException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    /** The same execution after a restart. */
    TestExecution again() {
        TestExecution again = new TestExecution("{}", details);
        return again.with(document);
    }

    private TestExecution with(JsonNode other) {
        return new TestExecution(other.toString().replace("'", "\\u0027"), details);
    }

    @Override
    public String jobId() {
        return "job";
    }

    @Override
    public long executionNumber() {
        return 1;
    }

    @Override
    public JsonNode document() {
        return document;
    }

    @Override
    public <T> T as(Class<T> type) throws JobRejectedException {
        throw new JobRejectedException("not asked for here");
    }

    @Override
    public JsonNode freshDocument() {
        return fresh;
    }

    @Override
    public Map<String, String> memory() {
        return memory;
    }

    @Override
    public void progress(Map<String, String> more) {
        details.putAll(more);
    }

    @Override
    public boolean remember(Map<String, String> more) {
        details.putAll(more);
        return !isCancelled;
    }

    @Override
    public @Nullable Duration remaining() {
        return null;
    }

    @Override
    public boolean isCancelled() {
        return isCancelled;
    }
}
