package dev.roundtrip.local.iot.command;

import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.time.Timetable;
import dev.roundtrip.mqtt.ReservedTopicService;
import java.util.List;
import java.util.stream.Stream;

/** AWS IoT Device Management commands. Thread-safe. */
public final class CommandService {
    private final CommandEnvironment around;
    private final Commands commands;
    private final Executions executions;

    private CommandService(CommandEnvironment around) {
        this.around = around;
        Timetable<CommandTask> timetable =
                new Timetable<>(CommandTask.class, CommandRows.TIMETABLE, around.store(), around.clock(), this::due);
        this.commands = new Commands(around, timetable);
        this.executions = new Executions(around, timetable);
        timetable.start();
    }

    /** Starts the service, with what became due while it was away. */
    public static CommandService start(CommandEnvironment around) {
        return new CommandService(around);
    }

    private void due(CommandTask task, String subject) {
        switch (task) {
            case END_TIME -> executions.endTime(subject);
            case FORGET_EXECUTION -> executions.forget(subject);
            case FORGET_COMMAND -> commands.forget(subject, around.account().iotArn("command/" + subject));
        }
    }

    /** The operations of the control plane. */
    public List<Operation> controlPlane() {
        return Stream.of(
                        new CommandOperations(commands, around.account(), around.clock()).operations(),
                        new ExecutionOperations(executions, around.account()).operations())
                .flatMap(List::stream)
                .toList();
    }

    /** The operations of the data plane that jobs and commands have in common. */
    public List<Operation> dataPlane() {
        return List.of(new StartOperation(executions, around).operation());
    }

    /** What takes the updates of devices over MQTT. */
    public ReservedTopicService topics() {
        return new CommandTopics(executions);
    }

    /** Whether there is a command of this id, which may have tags. */
    public static boolean has(Snapshot rows, String id) {
        return !id.isEmpty() && CommandRows.find(rows, id).isPresent();
    }
}
