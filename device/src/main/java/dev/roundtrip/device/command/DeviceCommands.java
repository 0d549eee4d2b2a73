package dev.roundtrip.device.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.command.ExecutionResult.Status;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.DeviceFeature;
import dev.roundtrip.device.transport.TopicPublisher;
import dev.roundtrip.device.update.LatestUpdate;
import dev.roundtrip.device.update.PendingAnswers;
import dev.roundtrip.device.update.ServiceAnswer;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.Topic;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands of a device: runs each execution once, and brings its outcome to the service. Thread-safe. */
public final class DeviceCommands implements DeviceFeature {
    /** How many refusals may be on their way; our choice. What is beyond them times out at the service. */
    private static final int MOST_REFUSALS = 100;

    private static final long CLOSE_SECONDS = 2;

    private final String prefix;
    private final List<String> filters;
    private final Pattern topics;
    private final CommandRules rules;
    private final ExecutionHandler handler;
    private final ObjectMapper mapper;
    private final Consumer<String> troubles;
    private final PendingAnswers answers;
    private final KnownExecutions known;
    private final Map<String, RunningExecution> open = new ConcurrentHashMap<>();
    private final ExecutorService threads;
    private volatile boolean isClosing;

    /** @param thing the device's name
     * @param mapper reads payloads
     * @param troubles told, in one sentence, what the service does not take
     */
    public DeviceCommands(
            String thing,
            CommandRules rules,
            ExecutionHandler handler,
            ObjectMapper mapper,
            TopicPublisher publisher,
            Consumer<String> troubles) {
        this.prefix = "$aws/commands/things/" + thing + "/executions/";
        this.filters = List.of(
                prefix + "+/request/json",
                prefix + "+/request/cbor",
                prefix + "+/request",
                prefix + "+/response/accepted/json",
                prefix + "+/response/rejected/json");
        this.topics = Pattern.compile(Pattern.quote(prefix)
                + "([a-zA-Z0-9_-]{1,64})/(request|response/accepted|response/rejected)(/json|/cbor)?");
        this.rules = rules;
        this.handler = handler;
        this.mapper = mapper;
        this.troubles = troubles;
        this.answers = new PendingAnswers(publisher, rules.patience().answer());
        this.known = new KnownExecutions(rules.most(), MOST_REFUSALS, rules.remembered());
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(thing + "-command-", 0).factory());
    }

    @Override
    public List<String> filters() {
        return filters;
    }

    @Override
    public void connected() {}

    @Override
    public void subscribed() {
        open.values().forEach(execution -> execution.updates().nudge());
    }

    @Override
    public boolean deliver(Delivery delivery) {
        if (!delivery.topic().startsWith(prefix)) {
            return false;
        }
        Matcher topic = topics.matcher(delivery.topic());
        if (topic.matches()) {
            String id = topic.group(1);
            switch (topic.group(2)) {
                case "request" -> begin(id, format(topic.group(3)), delivery);
                case "response/accepted" -> answered(id, true, delivery.payload());
                default -> answered(id, false, delivery.payload());
            }
        }
        return true;
    }

    @SuppressWarnings("NullAway") // a group that did not match is null
    private static CommandFormat format(String suffix) {
        return suffix == null ? CommandFormat.OTHER : suffix.equals("/json") ? CommandFormat.JSON : CommandFormat.CBOR;
    }

    private void answered(String id, boolean isAccepted, byte[] payload) {
        JsonNode body = Json.object();
        try {
            body = Json.read(payload);
        } catch (MalformedJsonException unreadable) {
            // That it came is what counts.
        }
        answers.answered(id, new ServiceAnswer(isAccepted, body));
    }

    private void begin(String id, CommandFormat format, Delivery delivery) {
        KnownExecutions.Admission admission = known.admit(id);
        boolean isRefused = admission == KnownExecutions.Admission.REFUSED;
        if (admission == KnownExecutions.Admission.NONE || isClosing) {
            return;
        }
        LatestUpdate<ObjectNode> updates = new LatestUpdate<>(
                "command-update-" + id,
                rules.patience(),
                new ExecutionSender(id, new Topic(prefix + id + "/response/json"), answers, troubles));
        RunningExecution execution = new RunningExecution(id, format, delivery, mapper, updates, () -> isClosing);
        open.put(id, execution);
        try {
            threads.execute(() -> carryOut(execution, isRefused));
        } catch (RejectedExecutionException closed) {
            ended(execution);
        }
    }

    private void carryOut(RunningExecution execution, boolean isRefused) {
        try {
            ExecutionResult result =
                    isRefused ? ExecutionResult.rejected("BUSY", "the device has too much to do") : result(execution);
            execution.updates().putLast(UpdateText.of(result));
            boolean unused = execution.updates().await(rules.patience().giveUp());
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } finally {
            ended(execution);
        }
    }

    private void ended(RunningExecution execution) {
        execution.updates().close();
        open.remove(execution.id());
        known.ended(execution.id());
    }

    private ExecutionResult result(RunningExecution execution) throws InterruptedException {
        if (execution.isTooLate()) {
            return new ExecutionResult(
                    Status.TIMED_OUT, new StatusReason("EXPIRED", "the time was over before it began"), Map.of());
        }
        if (rules.start() == CommandRules.Start.REPORTED) {
            execution.updates().put(UpdateText.inProgress(null));
        }
        try {
            return Objects.requireNonNullElseGet(
                    handler.handle(execution), () -> ExecutionResult.failed("INTERNAL", "the handler gave no result"));
        } catch (CommandRejectedException rejected) {
            return ExecutionResult.rejected(rejected.code(), String.valueOf(rejected.getMessage()));
        } catch (InterruptedException stopped) {
            if (isClosing) {
                throw stopped;
            }
            return ExecutionResult.failed("INTERNAL", "the handler was interrupted");
        } catch (Exception | Error defect) {
            return ExecutionResult.failed(
                    "INTERNAL", "the handler broke: " + defect.getClass().getName());
        }
    }

    /** Takes no more executions, and interrupts those at work; their results are lost. */
    @Override
    public void close() {
        isClosing = true;
        threads.shutdownNow();
        try {
            boolean unused = threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
