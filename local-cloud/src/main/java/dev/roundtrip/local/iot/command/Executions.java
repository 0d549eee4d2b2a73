package dev.roundtrip.local.iot.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import dev.roundtrip.local.time.Timetable;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The executions of commands: starts them, takes what devices report, and ends their time. Thread-safe; may block for
 * the store.
 */
final class Executions {
    /** Source: AWS IoT Device Management quotas, "Maximum concurrent command executions for each device". */
    static final int MAX_RUNNING = 100;

    private final CommandEnvironment around;
    private final Timetable<CommandTask> timetable;
    private final ExecutionEvents events;
    private final ExecutionRequests requests;
    private final Turns turns = new Turns();

    Executions(CommandEnvironment around, Timetable<CommandTask> timetable) {
        this.around = around;
        this.timetable = timetable;
        this.events = new ExecutionEvents(around);
        this.requests = new ExecutionRequests(around, events);
    }

    /** Somebody has subscribed to a topic of commands. Does not block. */
    void subscribed() {
        requests.subscribed();
    }

    /** What an execution is started with.
     *
     * @param clientToken empty for none
     */
    record Start(
            CommandTarget target,
            String commandId,
            Map<String, ParameterValue> parameters,
            long timeoutSeconds,
            String clientToken) {
        Start {
            parameters = Map.copyOf(parameters);
        }

        private CommandExecution.Request request() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            new TreeMap<>(parameters).forEach((name, value) -> json.set(name, value.json()));
            return new CommandExecution.Request(commandId, json, timeoutSeconds, clientToken);
        }
    }

    /** What a start has made, or found.
     *
     * @param payload what its device is sent; null when the same request was made before
     */
    private record Started(
            CommandExecution execution, @Nullable Payload payload) {}

    /** Starts an execution, and sends it to its device; finds it when it was started with the same token, and sends it
     * when nobody did.
     *
     * @throws Refusal when the command cannot be executed so
     */
    ExecutionKey start(Start start) throws Refusal {
        Instant now = around.clock().instant();
        CommandExecution wanted = CommandExecution.created(
                new ExecutionKey(start.target(), UUID.randomUUID().toString()), start.request(), now);
        Started started = requests.during(wanted.key(), () -> {
            Started made = around.store().<Started, Refusal>write(rows -> start(rows, start, wanted));
            Payload payload = made.payload();
            if (payload != null) {
                timetable.watch(wanted.deadline());
                events.tell(wanted);
                requests.send(wanted, payload);
            }
            return made;
        });
        if (started.payload() == null) {
            requests.repeated(started.execution().key());
        }
        return started.execution().key();
    }

    private Started start(Transaction rows, Start start, CommandExecution wanted) throws Refusal {
        if (!start.clientToken().isEmpty()) {
            CommandExecution before =
                    ExecutionRows.ofToken(rows, start.clientToken()).orElse(null);
            if (before != null) {
                if (before.key().target().equals(start.target())
                        && before.request().isLike(wanted.request())) {
                    return new Started(before, null);
                }
                throw new Refusal(ErrorType.CONFLICT, "the clientToken was used for another request");
            }
        }
        Command command = CommandRows.find(rows, start.commandId())
                .orElseThrow(() -> new Refusal(ErrorType.RESOURCE_NOT_FOUND, "there is no command of this ARN"));
        if (command.isPendingDeletion()) {
            throw new Refusal(OpenFacts.PENDING_DELETION, "the command is being deleted");
        }
        if (command.isDeprecated()) {
            throw Refusal.invalid("the command is deprecated");
        }
        Payload payload = command.content().payload(start.parameters(), start.timeoutSeconds());
        if (ExecutionRows.running(rows, start.target(), MAX_RUNNING) == MAX_RUNNING) {
            throw new Refusal(
                    ErrorType.SERVICE_QUOTA_EXCEEDED, "a device has at most " + MAX_RUNNING + " executions at once");
        }
        ExecutionRows.put(rows, wanted);
        ExecutionRows.unsent(rows, wanted.key());
        String key = wanted.key().row();
        timetable.put(rows, wanted.deadline(), CommandTask.END_TIME, key);
        timetable.put(rows, wanted.timeToLive(), CommandTask.FORGET_EXECUTION, key);
        return new Started(wanted, payload);
    }

    /** Takes what a device reports. What is told of the execution stays in order.
     *
     * @throws UpdateRefusal when there is no such execution, it may not go there, or somebody else changes it now
     */
    void report(ExecutionKey key, DeviceUpdate update) throws UpdateRefusal {
        if (around.conflicts().getAsBoolean() || !turns.tryEnter(key.row())) {
            throw new UpdateRefusal(
                    UpdateError.DATA_CONFLICT, "The command execution was modified concurrently; try again");
        }
        try {
            Instant now = around.clock().instant();
            events.tell(
                    around.store().<CommandExecution, UpdateRefusal>write(rows -> reported(rows, key, update, now)));
        } finally {
            turns.leave(key.row());
        }
    }

    private CommandExecution reported(Transaction rows, ExecutionKey key, DeviceUpdate update, Instant now)
            throws UpdateRefusal {
        CommandExecution before = ExecutionRows.find(rows, key)
                .orElseThrow(() -> new UpdateRefusal(
                        UpdateError.RESOURCE_NOT_FOUND, "There is no such command execution for this device"));
        ExecutionState next =
                before.state().reported(update.status()).orElseThrow(() -> refused(before.state(), update.status()));
        CommandExecution after = before.reported(next, update, now);
        ExecutionRows.put(rows, after);
        if (!next.isRunning()) {
            timetable.remove(rows, before.deadline(), CommandTask.END_TIME, key.row());
        }
        return after;
    }

    private static UpdateRefusal refused(ExecutionState state, ExecutionStatus report) {
        return state.isTerminal()
                ? new UpdateRefusal(
                        OpenFacts.AFTER_THE_END, "The command execution has ended with the status " + state.status())
                : new UpdateRefusal(
                        UpdateError.INVALID_STATE_TRANSITION,
                        "The command execution has the status " + state.status() + " and cannot become " + report);
    }

    /** Ends the time of an execution that still runs. */
    void endTime(String row) {
        turns.enter(row);
        try {
            Instant now = around.clock().instant();
            around.store().write(rows -> ended(rows, row, now)).ifPresent(events::tell);
        } finally {
            turns.leave(row);
        }
    }

    private static Optional<CommandExecution> ended(Transaction rows, String row, Instant now) {
        Optional<CommandExecution> after = ExecutionRows.find(rows, ExecutionKey.ofRow(row))
                .filter(before -> before.state().isRunning())
                .map(before -> before.overdue(now));
        after.ifPresent(execution -> ExecutionRows.put(rows, execution));
        return after;
    }

    /** Removes an execution whose time to live is over. */
    void forget(String row) {
        around.store().write(rows -> {
            ExecutionRows.find(rows, ExecutionKey.ofRow(row)).ifPresent(old -> ExecutionRows.remove(rows, old));
            return true;
        });
    }

    /** Removes an execution; does nothing when there is none.
     *
     * @throws Refusal when it has not ended
     */
    void delete(ExecutionKey key) throws Refusal {
        around.store().<Boolean, Refusal>write(rows -> {
            CommandExecution found = ExecutionRows.find(rows, key).orElse(null);
            if (found == null) {
                return false;
            }
            if (!found.state().isTerminal()) {
                throw new Refusal(ErrorType.CONFLICT, "the command execution has not ended");
            }
            ExecutionRows.remove(rows, found);
            timetable.remove(rows, found.timeToLive(), CommandTask.FORGET_EXECUTION, key.row());
            return true;
        });
    }

    /** @throws Refusal when there is none */
    CommandExecution get(ExecutionKey key) throws Refusal {
        return around.store().<CommandExecution, Refusal>read(rows -> existing(rows, key));
    }

    private static CommandExecution existing(Snapshot rows, ExecutionKey key) throws Refusal {
        return ExecutionRows.find(rows, key)
                .orElseThrow(() ->
                        new Refusal(ErrorType.RESOURCE_NOT_FOUND, "there is no such command execution of this target"));
    }

    CommandRows.Found<CommandExecution> list(ExecutionRows.Wanted wanted, String after, int most) {
        return around.store().read(rows -> ExecutionRows.page(rows, wanted, after, most));
    }
}
