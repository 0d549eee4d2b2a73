package dev.roundtrip.local.iot.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.time.MovableClock;
import dev.roundtrip.local.time.Timetable;
import dev.roundtrip.mqtt.ServicePublisher;
import dev.roundtrip.mqtt.packet.Publication;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Executions beside a naive model, over random sequences of starts, reports, time and restarts. */
class CommandPropertyTest {
    private static final long SEED = 20_261_128;
    private static final int SEQUENCES = 400;
    private static final int STEPS = 40;
    private static final CommandTarget PUMP = new CommandTarget(CommandTarget.Kind.THING, "pump");

    private static final List<ExecutionStatus> REPORTS = List.of(
            ExecutionStatus.IN_PROGRESS,
            ExecutionStatus.SUCCEEDED,
            ExecutionStatus.FAILED,
            ExecutionStatus.REJECTED,
            ExecutionStatus.TIMED_OUT);

    private final Random random = new Random(SEED);

    /** What a naive reader of the developer guide would keep of an execution. */
    private static final class Model {
        final ExecutionKey key;
        final Instant deadline;
        String status = "CREATED";
        boolean saidByDevice;
        boolean completed;

        Model(ExecutionKey key, Instant deadline) {
            this.key = key;
            this.deadline = deadline;
        }

        void time(Instant now) {
            boolean runs = status.equals("CREATED") || status.equals("IN_PROGRESS");
            if (runs && !now.isBefore(deadline)) {
                status = "TIMED_OUT";
            }
        }

        /** The error, or nothing. */
        String report(String next) {
            if (saidByDevice) {
                return "TerminalStateReached";
            }
            if (next.equals("IN_PROGRESS")) {
                if (status.equals("TIMED_OUT")) {
                    return "InvalidStateTransition";
                }
                status = next;
                return "";
            }
            status = next;
            saidByDevice = true;
            completed = true;
            return "";
        }
    }

    /** Keeps the topics of what is published. */
    private static final class Ear implements ServicePublisher {
        final List<String> heard = new ArrayList<>();

        @Override
        public boolean hasReceivers(String topic) {
            return true;
        }

        @Override
        public void publish(Publication content) {
            heard.add(content.topic());
        }

        @Override
        public void publish(Publication content, Duration expiry) {
            heard.add(content.topic());
        }
    }

    /** The service as its parts, which a restart makes anew. */
    private static final class Service {
        final Executions executions;

        Service(TableStore tables, MovableClock clock, ServicePublisher ear) {
            CommandEnvironment around =
                    new CommandEnvironment(tables, new Account("us-east-1"), ear, clock, name -> true, () -> false);
            Executions[] made = new Executions[1];
            Timetable<CommandTask> timetable =
                    new Timetable<>(CommandTask.class, CommandRows.TIMETABLE, tables, clock, (task, subject) -> {
                        switch (task) {
                            case END_TIME -> made[0].endTime(subject);
                            case FORGET_EXECUTION -> made[0].forget(subject);
                            case FORGET_COMMAND -> throw new IllegalStateException(subject);
                        }
                    });
            made[0] = new Executions(around, timetable);
            executions = made[0];
            timetable.start();
        }
    }

    @Test
    void executions_are_what_the_model_says_after_each_step() throws Exception {
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            play(sequence);
        }
    }

    private void play(int sequence) throws Exception {
        TableStore tables = new InMemoryTables();
        MovableClock clock = new MovableClock(TestCommands.NOON);
        Ear ear = new Ear();
        Service service = new Service(tables, clock, ear);
        Command command = new Command(
                "open",
                "",
                "",
                Command.Content.read(TestCommands.json("{'payload':{'content':'YQ=='}}")),
                clock.instant(),
                clock.instant(),
                null,
                null);
        tables.write(rows -> {
            CommandRows.add(rows, command);
            return true;
        });
        List<Model> models = new ArrayList<>();
        StringBuilder story = new StringBuilder("sequence " + sequence);
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(6)) {
                case 0 -> {
                    int timeout = 1 + random.nextInt(20);
                    ExecutionKey key =
                            service.executions.start(new Executions.Start(PUMP, "open", Map.of(), timeout, ""));
                    models.add(new Model(key, clock.instant().plusSeconds(timeout)));
                    story.append(", start ").append(timeout);
                }
                case 1 -> {
                    int seconds = random.nextInt(8);
                    clock.advance(Duration.ofSeconds(seconds));
                    pass(models, clock);
                    story.append(", wait ").append(seconds);
                }
                case 2 -> {
                    // The timers of the former process are gone with its clock, its rows are not.
                    int seconds = random.nextInt(8);
                    clock = new MovableClock(clock.instant().plusSeconds(seconds));
                    service = new Service(tables, clock, ear);
                    clock.advance(Duration.ZERO);
                    pass(models, clock);
                    story.append(", restart after ").append(seconds);
                }
                default -> {
                    if (!models.isEmpty()) {
                        Model model = models.get(random.nextInt(models.size()));
                        ExecutionStatus next = REPORTS.get(random.nextInt(REPORTS.size()));
                        story.append(", report ").append(next);
                        String expected = model.report(next.name());
                        assertThat(reported(service, model.key, next))
                                .as(story.toString())
                                .isEqualTo(expected);
                        if (expected.isEmpty()) {
                            assertThat(ear.heard.getLast()).isEqualTo("$aws/events/commandExecution/open/" + next);
                        }
                    }
                }
            }
            for (Model model : models) {
                CommandExecution execution = service.executions.get(model.key);
                assertThat(execution.state().status().name())
                        .as(story.toString())
                        .isEqualTo(model.status);
                assertThat(execution.completedAt() != null).as(story.toString()).isEqualTo(model.completed);
                assertThat(execution.state().isTerminal()).as(story.toString()).isEqualTo(model.saidByDevice);
            }
            long running = models.stream()
                    .filter(model -> model.status.equals("CREATED") || model.status.equals("IN_PROGRESS"))
                    .count();
            assertThat(tables.<Integer, RuntimeException>read(rows -> ExecutionRows.running(rows, PUMP, 1000)))
                    .as(story.toString())
                    .isEqualTo((int) running);
        }
    }

    private static void pass(List<Model> models, MovableClock clock) {
        models.forEach(model -> model.time(clock.instant()));
    }

    private static String reported(Service service, ExecutionKey key, ExecutionStatus next) {
        try {
            service.executions.report(key, new DeviceUpdate(next, null, JsonNodeFactory.instance.objectNode()));
            return "";
        } catch (UpdateRefusal refused) {
            return refused.error().word();
        }
    }
}
