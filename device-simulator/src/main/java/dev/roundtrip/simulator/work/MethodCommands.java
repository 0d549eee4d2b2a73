package dev.roundtrip.simulator.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.roundtrip.device.command.CommandExecution;
import dev.roundtrip.device.command.CommandRejectedException;
import dev.roundtrip.device.command.ExecutionHandler;
import dev.roundtrip.device.command.ExecutionResult;
import dev.roundtrip.device.operation.MethodCaller;
import dev.roundtrip.device.operation.MethodCaller.LocalCall;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.RequestKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Calls the simulator's methods by commands: {@code {"method":"add","request":[1,2]}}. The result has the text
 * {@code response}.
 */
final class MethodCommands implements ExecutionHandler {
    private final MethodCaller caller;

    MethodCommands(MethodCaller caller) {
        this.caller = caller;
    }

    @Override
    public ExecutionResult handle(CommandExecution execution) throws Exception {
        JsonNode payload = execution.json();
        String method = payload.path("method").textValue();
        if (method == null) {
            throw new CommandRejectedException(
                    CommandRejectedException.INVALID_PAYLOAD, "the payload has no text 'method'");
        }
        JsonNode request = payload.has("request") ? payload.path("request") : NullNode.getInstance();
        return result(caller.call(call(execution, method, request)));
    }

    private static LocalCall call(CommandExecution execution, String method, JsonNode request)
            throws CommandRejectedException {
        Duration left = execution.remaining();
        try {
            return new LocalCall(
                    MessageId.random(),
                    new Method(method),
                    JsonText.of(request),
                    new RequestKey(
                            hash("command:" + execution.id()),
                            hash(method + " " + request),
                            RequestKey.DEFAULT_KEEP_SECONDS,
                            RequestKey.Replay.OR_RUN),
                    left == null ? null : Instant.now().plus(left));
        } catch (IllegalArgumentException rule) {
            throw new CommandRejectedException(
                    CommandRejectedException.INVALID_PAYLOAD, "the payload's call breaks a rule: " + rule.getMessage());
        }
    }

    private static ExecutionResult result(@Nullable AnswerMessage answer) {
        return switch (answer) {
            case null -> ExecutionResult.timedOut("TIMEOUT", "the method did not end in time, and may have run");
            case AnswerMessage.Answered answered ->
                ExecutionResult.succeeded().with("response", answered.response().toString());
            case AnswerMessage.Failed failed ->
                ExecutionResult.failed(
                        code(failed.error().code()), failed.error().message());
            case AnswerMessage.Refused refused -> {
                DeviceRefusal refusal = refused.refusal();
                yield ExecutionResult.rejected(code(refusal.code()), refusal.message());
            }
        };
    }

    private static String code(String code) {
        return code.toUpperCase(Locale.ROOT);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
