package dev.roundtrip.device.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.command.ExecutionResult.Status;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.DeviceFeature;
import dev.roundtrip.device.transport.TopicPublisher;
import dev.roundtrip.device.update.LatestUpdate;
import dev.roundtrip.device.update.ServiceAnswer;
import dev.roundtrip.device.update.ServiceTopics;
import dev.roundtrip.protocol.Json;
import java.time.Duration;
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

    /** How long handlers may take to end, and their results to reach the service, when the device is closed. */
    private static final long CLOSE_MILLIS = 2_000;

    /** How long a handler may go on then before it is interrupted: it may be about to end. Our choice. */
    private static final long END_MILLIS = 200;

    private static final List<String> VERBS = List.of(
            "+/request/json", "+/request/cbor", "+/request", "+/response/accepted/json", "+/response/rejected/json");

    private static final Pattern VERB =
            Pattern.compile("([a-zA-Z0-9_-]{1,64})/(request|response/accepted|response/rejected)(/json|/cbor)?");

    private final ServiceTopics topics;
    private final CommandRules rules;
    private final ExecutionHandler handler;
    private final ObjectMapper mapper;
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
        this.topics = new ServiceTopics(
                "$aws/commands/things/" + thing + "/executions/", VERBS, publisher, rules.patience(), troubles);
        this.rules = rules;
        this.handler = handler;
        this.mapper = mapper;
        this.known = new KnownExecutions(rules.most(), MOST_REFUSALS, rules.remembered());
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(thing + "-command-", 0).factory());
    }

    @Override
    public List<String> filters() {
        return topics.filters();
    }

    @Override
    public void connected() {}

    @Override
    public void subscribed() {
        open.values().forEach(execution -> execution.updates().nudge());
    }

    @Override
    public boolean deliver(Delivery delivery) {
        String verb = topics.verb(delivery);
        if (verb == null) {
            return false;
        }
        Matcher parts = VERB.matcher(verb);
        if (parts.matches()) {
            String id = parts.group(1);
            switch (parts.group(2)) {
                case "request" -> begin(id, format(parts.group(3)), delivery);
                case "response/accepted" -> answered(id, true, delivery);
                default -> answered(id, false, delivery);
            }
        }
        return true;
    }

    @SuppressWarnings("NullAway") // a group that did not match is null
    private static CommandFormat format(String suffix) {
        return suffix == null ? CommandFormat.OTHER : suffix.equals("/json") ? CommandFormat.JSON : CommandFormat.CBOR;
    }

    /** That an answer came is what counts, readable or not. */
    private void answered(String id, boolean isAccepted, Delivery delivery) {
        JsonNode body = ServiceTopics.json(delivery);
        topics.answered(id, new ServiceAnswer(isAccepted, body == null ? Json.object() : body));
    }

    private void begin(String id, CommandFormat format, Delivery delivery) {
        KnownExecutions.Admission admission = known.admit(id);
        boolean isRefused = admission == KnownExecutions.Admission.REFUSED;
        if (admission == KnownExecutions.Admission.NONE || isClosing) {
            return;
        }
        LatestUpdate<ObjectNode> updates =
                new LatestUpdate<>("command-update-" + id, rules.patience(), new ExecutionSender(id, topics));
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
            boolean unused = execution.updates().putLast(UpdateText.of(result))
                    && execution.updates().await(rules.patience().giveUp());
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

    private ExecutionResult result(RunningExecution execution) {
        if (execution.isTooLate()) {
            return timedOut("the time was over before it began");
        }
        if (rules.start() == CommandRules.Start.REPORTED) {
            execution.updates().put(UpdateText.inProgress(null));
        }
        Thread timer = Thread.ofVirtual().unstarted(() -> interruptAtExpiry(execution));
        try {
            execution.runsOn(Thread.currentThread());
            timer.start();
            if (isClosing) {
                return ExecutionResult.rejected("CLOSING", "the device was closed before it began");
            }
            return Objects.requireNonNullElseGet(
                    handler.handle(execution), () -> ExecutionResult.failed("INTERNAL", "the handler gave no result"));
        } catch (CommandRejectedException rejected) {
            return ExecutionResult.rejected(rejected.code(), String.valueOf(rejected.getMessage()));
        } catch (Exception | Error defect) {
            return broken(execution, defect);
        } finally {
            timer.interrupt();
            execution.hasRun();
        }
    }

    /** An interrupt may come out of a handler as any exception. */
    private ExecutionResult broken(RunningExecution execution, Throwable defect) {
        if (isClosing) {
            return ExecutionResult.failed("STOPPED", "the device was closed before the handler had ended");
        }
        return execution.isTooLate()
                ? timedOut("the time was over before the handler had ended")
                : ExecutionResult.failed(
                        "INTERNAL", "the handler broke: " + defect.getClass().getName());
    }

    private static ExecutionResult timedOut(String description) {
        return new ExecutionResult(Status.TIMED_OUT, new StatusReason("EXPIRED", description), Map.of());
    }

    /** Interrupts a handler whose time is over; it may still say how it ended. */
    private static void interruptAtExpiry(RunningExecution execution) {
        Duration left = execution.remaining();
        if (left == null) {
            return;
        }
        try {
            Thread.sleep(left);
            execution.interrupt();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes no more executions, interrupts handlers that do not end by themselves, and brings to the service how they
     * ended, while there is time.
     */
    @Override
    public void close() {
        isClosing = true;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS)) {
                open.values().forEach(RunningExecution::interrupt);
                boolean unused = threads.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        var unused = threads.shutdownNow();
    }
}
