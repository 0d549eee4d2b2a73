package dev.roundtrip.local.iot.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.mqtt.Defects;
import dev.roundtrip.mqtt.packet.Publication;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands the requests of executions over to the broker. A new one is handed over at once, whether its device listens or
 * not, as on AWS. One that a process left behind, which ended between commit and handing over, is handed over when
 * somebody listens, for no session outlives the process; the execution says so. Thread-safe; may block for the store.
 */
final class ExecutionRequests {
    private final CommandEnvironment around;
    private final ExecutionEvents events;

    /** Of those whose requests are being handed over. */
    private final Turns turns = new Turns();

    /** Whose request waits for somebody who listens. */
    private final Set<ExecutionKey> leftBehind = ConcurrentHashMap.newKeySet();

    /** How many have subscribed since all of these were last looked at. */
    private final AtomicInteger subscriptions = new AtomicInteger();

    ExecutionRequests(CommandEnvironment around, ExecutionEvents events) {
        this.around = around;
        this.events = events;
        leftBehind.addAll(around.store().<List<ExecutionKey>, RuntimeException>read(ExecutionRows::allUnsent));
    }

    /** What may fail.
     *
     * @param <T> what it gives
     */
    interface Start<T> {
        T start() throws Refusal;
    }

    /** Runs a start, during which nobody else hands over the request of the execution. */
    <T> T during(ExecutionKey key, Start<T> start) throws Refusal {
        turns.enter(key.row());
        try {
            return start.start();
        } finally {
            turns.leave(key.row());
        }
    }

    /** Hands over the request of an execution that is new. Where that fails, it is handed over when somebody listens.
     */
    void send(CommandExecution execution, Payload payload) {
        leftBehind.add(execution.key());
        publish(execution, payload.request(execution.key()), execution.createdAt());
        leftBehind.remove(execution.key());
    }

    /** Somebody asks again for an execution. */
    void repeated(ExecutionKey key) {
        if (around.store().read(rows -> ExecutionRows.isUnsent(rows, key))) {
            leftBehind.add(key);
            sendAgain(key);
        }
    }

    /** Somebody has subscribed, and may be one for whom requests wait. Does not block. */
    void subscribed() {
        if (!leftBehind.isEmpty() && subscriptions.getAndIncrement() == 0) {
            Thread.ofVirtual().name("commands-left-behind").start(this::sendAllAgain);
        }
    }

    /** One thread at a time, for all who have subscribed meanwhile. */
    private void sendAllAgain() {
        int before;
        do {
            before = subscriptions.get();
            leftBehind.forEach(this::sendAgain);
        } while (!subscriptions.compareAndSet(before, 0));
    }

    private void sendAgain(ExecutionKey key) {
        turns.enter(key.row());
        try {
            Publication request = around.store()
                    .read(rows -> unsent(rows, key).flatMap(found -> request(rows, found)))
                    .orElse(null);
            if (request == null) {
                leftBehind.remove(key);
            } else if (around.publisher().hasReceivers(request.topic())) {
                Instant now = around.clock().instant();
                marked(key, now).ifPresent(execution -> {
                    events.tell(execution);
                    publish(execution, request, now);
                });
                leftBehind.remove(key);
            }
        } catch (RuntimeException failure) {
            Defects.log("The request of a command execution was not sent, and will be when somebody listens", failure);
        } finally {
            turns.leave(key.row());
        }
    }

    private Optional<CommandExecution> marked(ExecutionKey key, Instant now) {
        return around.store().write(rows -> {
            Optional<CommandExecution> again = unsent(rows, key).map(found -> found.sentAgain(now));
            again.ifPresent(execution -> ExecutionRows.put(rows, execution));
            return again;
        });
    }

    private static Optional<CommandExecution> unsent(Snapshot rows, ExecutionKey key) {
        return ExecutionRows.isUnsent(rows, key) ? ExecutionRows.find(rows, key) : Optional.empty();
    }

    /** Made again: a command's content never changes. */
    private static Optional<Publication> request(Snapshot rows, CommandExecution execution) {
        CommandExecution.Request asked = execution.request();
        Optional<Command> command = CommandRows.find(rows, asked.commandId());
        if (command.isEmpty()) {
            return Optional.empty();
        }
        try {
            Map<String, ParameterValue> values = new HashMap<>();
            for (Map.Entry<String, JsonNode> each : asked.parameters().properties()) {
                values.put(each.getKey(), ParameterValue.read(each.getKey(), each.getValue()));
            }
            return Optional.of(command.get()
                    .content()
                    .payload(values, asked.timeoutSeconds())
                    .request(execution.key()));
        } catch (Refusal notAnyMore) {
            return Optional.empty();
        }
    }

    private void publish(CommandExecution execution, Publication request, Instant now) {
        long left = Duration.between(now, execution.deadline()).toSeconds();
        around.publisher().publish(request, Duration.ofSeconds(Math.max(1, left)));
        try {
            boolean unused = around.store().<Boolean, RuntimeException>write(rows -> {
                ExecutionRows.sent(rows, execution.key());
                return true;
            });
        } catch (StoreException failure) {
            // The execution is there, and its request is sent: the start has not failed.
            Defects.log("It could not be noted that the request of a command execution was sent", failure);
        }
    }
}
