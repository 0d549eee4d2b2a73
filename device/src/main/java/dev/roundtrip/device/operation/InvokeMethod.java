package dev.roundtrip.device.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobHandler;
import dev.roundtrip.device.job.JobRejectedException;
import dev.roundtrip.device.job.JobResult;
import dev.roundtrip.device.operation.MethodCaller.LocalCall;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceMemory;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.RequestKey;
import dev.roundtrip.protocol.RequestKey.Replay;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Calls one of the device's own methods, once for each execution: the operation {@code invoke} with {@code method} and
 * {@code request}, and perhaps {@code id}, {@code key} and {@code deadline} (epoch milliseconds).
 *
 * <p>The contract has a new id for every attempt, and a key for what is not to happen twice. An execution is an
 * attempt, and so is its retry: each has an id of its own. The document's {@code id} is the name that its author has for the
 * call; it must be a UUID, and keeps nothing from running. The document's {@code key} does, for 7 days: an execution
 * with a known key gets the earlier outcome, and the detail {@code replayed}.
 */
public final class InvokeMethod implements JobHandler {
    private static final String BEGUN = "begun";
    private static final String REPLAYED = "replayed";

    private final MethodCaller caller;

    /** @param caller calls the methods of the device */
    public InvokeMethod(MethodCaller caller) {
        this.caller = caller;
    }

    @Override
    public JobResult handle(JobExecution execution) throws Exception {
        String begun = execution.memory().get(BEGUN);
        boolean hasBegun = begun != null;
        // The service has the name before the call is made: after a restart the same call is asked about.
        String name = begun == null ? UUID.randomUUID().toString() : begun;
        LocalCall call = call(execution, name, hasBegun ? Replay.ONLY : Replay.OR_RUN);
        if (hasBegun && !caller.remembersKeys()) {
            return interrupted();
        }
        if (!hasBegun && !execution.remember(Map.of(BEGUN, name))) {
            return JobResult.stopped();
        }
        return result(caller.call(call), hasBegun);
    }

    private static JobResult interrupted() {
        return JobResult.failed("interrupted: the method may have run before the device restarted");
    }

    private static LocalCall call(JobExecution execution, String name, Replay replay) throws JobRejectedException {
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
        checkId(id);
        JsonNode request = document.has("request") ? document.path("request") : NullNode.getInstance();
        try {
            return new LocalCall(
                    MessageId.random(),
                    new Method(method),
                    JsonText.of(request),
                    key(key.isTextual() ? "key:" + key.textValue() : "job:" + name, method, request, replay),
                    deadline(document.path("deadline")));
        } catch (IllegalArgumentException rule) {
            throw new JobRejectedException("the document's call breaks a rule: " + rule.getMessage());
        }
    }

    private static void checkId(JsonNode id) throws JobRejectedException {
        try {
            var unused = id.isTextual() ? MessageId.of(id.textValue()) : null;
        } catch (IllegalArgumentException rule) {
            throw new JobRejectedException("the document's id is no UUID");
        }
    }

    /** @param name of the document's key, or of this execution: another job with the same id has another name */
    private static RequestKey key(String name, String method, JsonNode request, Replay replay) {
        return new RequestKey(hash(name), hash(method + " " + request), RequestKey.MAX_KEEP_SECONDS, replay);
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

    /** @param hasBegun whether the call was made before a restart: then it is only asked about */
    private static JobResult result(@Nullable AnswerMessage answer, boolean hasBegun) {
        return switch (answer) {
            case null -> JobResult.failed("timeout: the method did not end in time, and may have run");
            case AnswerMessage.Answered answered ->
                JobResult.succeeded(replayed(
                        answered,
                        hasBegun,
                        ResponseDetails.of(answered.response().toString())));
            case AnswerMessage.Failed failed ->
                JobResult.failed(
                        failed.error().message(),
                        replayed(failed, hasBegun, Map.of("code", failed.error().code())));
            case AnswerMessage.Refused refused -> hasBegun ? interrupted() : refused(refused.refusal());
        };
    }

    /** The details, and whether an earlier execution had this outcome: then nothing ran in this one. */
    private static Map<String, String> replayed(AnswerMessage answer, boolean hasBegun, Map<String, String> details) {
        if (hasBegun || answer.memory().replay() == DeviceMemory.Replay.FIRST) {
            return details;
        }
        Map<String, String> all = new LinkedHashMap<>(details);
        all.put(REPLAYED, "true");
        return all;
    }

    private static JobResult refused(DeviceRefusal refusal) {
        return refusal.code().equals(DeviceRefusal.BUSY)
                ? JobResult.failed(refusal.message(), Map.of("code", refusal.code()))
                : JobResult.rejected(refusal.code() + ": " + refusal.message());
    }
}
