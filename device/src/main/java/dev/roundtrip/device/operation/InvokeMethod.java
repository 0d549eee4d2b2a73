package dev.roundtrip.device.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobHandler;
import dev.roundtrip.device.job.JobRejectedException;
import dev.roundtrip.device.job.JobResult;
import dev.roundtrip.device.operation.MethodCaller.LocalCall;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.RequestKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls one of the device's own methods, once: the operation {@code invoke} with {@code method} and {@code request},
 * and perhaps {@code id}, {@code key} and {@code deadline} (epoch milliseconds).
 */
public final class InvokeMethod implements JobHandler {
    private static final String BEGUN = "begun";

    private final MethodCaller caller;

    /** @param caller calls the methods of the device */
    public InvokeMethod(MethodCaller caller) {
        this.caller = caller;
    }

    @Override
    public JobResult handle(JobExecution execution) throws Exception {
        LocalCall call = call(execution);
        if (execution.memory().containsKey(BEGUN) && !caller.remembersKeys()) {
            return JobResult.failed("interrupted: the method may have run before the device restarted");
        }
        if (!execution.remember(Map.of(BEGUN, call.id().toString()))) {
            return JobResult.failed("stopped");
        }
        return result(caller.call(call));
    }

    private static LocalCall call(JobExecution execution) throws JobRejectedException {
        JsonNode document = execution.document();
        String method = document.path("method").textValue();
        if (method == null) {
            throw new JobRejectedException("the document has no text 'method'");
        }
        JsonNode id = document.path("id");
        JsonNode key = document.path("key");
        if (!(id.isMissingNode() || id.isTextual()) || !(key.isMissingNode() || key.isTextual())) {
            throw new JobRejectedException("the document's id and key must be texts");
        }
        JsonNode request = document.has("request") ? document.path("request") : NullNode.getInstance();
        try {
            return new LocalCall(
                    id.isTextual() ? MessageId.of(id.textValue()) : MessageId.random(),
                    new Method(method),
                    JsonText.of(request),
                    key(execution, key.isTextual() ? "key:" + key.textValue() : "", method, request),
                    deadline(document.path("deadline")));
        } catch (IllegalArgumentException rule) {
            throw new JobRejectedException("the document's call breaks a rule: " + rule.getMessage());
        }
    }

    /** Without a key of the document, the execution is one: a retry of the service has another number, and runs. */
    private static RequestKey key(JobExecution execution, String key, String method, JsonNode request) {
        String name = key.isEmpty() ? "job:" + execution.jobId() + "#" + execution.executionNumber() : key;
        return new RequestKey(
                hash(name), hash(method + " " + request), RequestKey.MAX_KEEP_SECONDS, RequestKey.Replay.OR_RUN);
    }

    private static String hash(String text) {
        byte[] digest = Digest.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }

    private static @Nullable Instant deadline(JsonNode deadline) throws JobRejectedException {
        if (deadline.isMissingNode()) {
            return null;
        }
        if (!deadline.isIntegralNumber() || !deadline.canConvertToLong()) {
            throw new JobRejectedException("the document's deadline must be whole epoch milliseconds");
        }
        return Instant.ofEpochMilli(deadline.longValue());
    }

    private static JobResult result(@Nullable AnswerMessage answer) {
        return switch (answer) {
            case null -> JobResult.failed("timeout: the method did not end in time, and may have run");
            case AnswerMessage.Answered answered ->
                JobResult.succeeded(Map.of("response", answered.response().toString()));
            case AnswerMessage.Failed failed ->
                JobResult.failed(
                        failed.error().message(), Map.of("code", failed.error().code()));
            case AnswerMessage.Refused refused -> refused(refused.refusal());
        };
    }

    private static JobResult refused(DeviceRefusal refusal) {
        return refusal.code().equals(DeviceRefusal.BUSY)
                ? JobResult.failed(refusal.message(), Map.of("code", refusal.code()))
                : JobResult.rejected(refusal.code() + ": " + refusal.message());
    }
}
