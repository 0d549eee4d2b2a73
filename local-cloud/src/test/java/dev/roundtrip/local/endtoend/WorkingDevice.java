package dev.roundtrip.local.endtoend;

import dev.roundtrip.device.RoundtripDevice;
import dev.roundtrip.device.command.CommandExecution;
import dev.roundtrip.device.command.CommandRules;
import dev.roundtrip.device.command.ExecutionResult;
import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobRejectedException;
import dev.roundtrip.device.job.JobResult;
import dev.roundtrip.device.job.JobRules;
import dev.roundtrip.device.update.Patience;
import dev.roundtrip.local.endtoend.WorkLine.Event;
import dev.roundtrip.local.endtoend.WorkLine.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A device that carries out {@link WorkPlan}s and writes what it does in a ledger. {@link #main} is the process of
 * some of them, which a test kills.
 */
final class WorkingDevice {
    /** Waits that suit a cloud which is killed every few seconds. */
    private static final Patience PATIENCE =
            new Patience(Duration.ofSeconds(2), Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofHours(1));

    private final String thing;
    private final WorkLedger ledger;

    private WorkingDevice(String thing, WorkLedger ledger) {
        this.thing = thing;
        this.ledger = ledger;
    }

    /** The command line of a process.
     *
     * @param boot the process's number
     * @param things their directories in the state directory
     */
    static List<String> command(int boot, int port, Path ledger, Path authority, List<Path> things) {
        List<String> arguments = new ArrayList<>(
                List.of(Integer.toString(boot), "127.0.0.1:" + port, ledger.toString(), authority.toString()));
        things.forEach(directory -> arguments.add(directory.toString()));
        return Programs.command(WorkingDevice.class.getName(), arguments);
    }

    /** Runs until its input ends. */
    public static void main(String[] arguments) throws Exception {
        WorkLedger ledger = WorkLedger.open(Path.of(arguments[2]), Integer.parseInt(arguments[0]));
        List<RoundtripDevice> devices = new ArrayList<>();
        for (String argument : List.of(arguments).subList(4, arguments.length)) {
            Path directory = Path.of(argument);
            String thing = directory.getFileName().toString();
            WorkingDevice worker = new WorkingDevice(thing, ledger);
            devices.add(RoundtripDevice.named(thing)
                    .at(arguments[1])
                    .identity(
                            directory.resolve("certificate.pem"),
                            directory.resolve("private.key"),
                            Path.of(arguments[3]))
                    .command(
                            worker::command,
                            CommandRules.DEFAULT.reportingStart().patience(PATIENCE))
                    .jobs(jobs -> jobs.on("play", worker::job).rules(new JobRules(null, null, PATIENCE)))
                    .connect());
        }
        var unused = System.in.read();
        // Not in order: nothing that is at work is told anything.
        Runtime.getRuntime().halt(devices.size());
    }

    private ExecutionResult command(CommandExecution execution) throws Exception {
        WorkLine.Key key = new WorkLine.Key(Kind.COMMAND, thing, execution.id(), 1);
        WorkPlan plan = WorkPlan.read(execution.json());
        ledger.write(key, Event.BEGAN, "-");
        try {
            if (plan.end() != WorkPlan.End.REJECTED) {
                for (int step = 1; step <= plan.steps(); step++) {
                    work(plan);
                    ledger.write(key, Event.STEP, Integer.toString(step));
                }
            }
            ledger.write(key, Event.ENDED, plan.end().name());
            return switch (plan.end()) {
                case FAILED -> ExecutionResult.failed("PLANNED", "as planned");
                case REJECTED -> ExecutionResult.rejected("PLANNED", "as planned");
                case SUCCEEDED, NEVER, REBOOT ->
                    ExecutionResult.succeeded().with("steps", Integer.toString(plan.steps()));
            };
        } finally {
            ledger.write(key, Event.LEFT, "-");
        }
    }

    private JobResult job(JobExecution execution) throws Exception {
        WorkLine.Key key = new WorkLine.Key(Kind.JOB, thing, execution.jobId(), execution.executionNumber());
        ledger.write(key, Event.BEGAN, "-");
        try {
            return played(key, execution, WorkPlan.read(execution.document()));
        } finally {
            ledger.write(key, Event.LEFT, "-");
        }
    }

    private JobResult played(WorkLine.Key key, JobExecution execution, WorkPlan plan) throws Exception {
        if (plan.end() == WorkPlan.End.REJECTED) {
            ledger.write(key, Event.ENDED, "REJECTED");
            throw new JobRejectedException("as planned");
        }
        // The service knows of each run before the run has an effect.
        if (!remember(key, execution, "runs", number(execution.memory(), "runs") + 1)) {
            return JobResult.failed("stopped");
        }
        for (int step = number(execution.memory(), "steps") + 1; step <= plan.steps(); step++) {
            work(plan);
            ledger.write(key, Event.STEP, Integer.toString(step));
            if (!remember(key, execution, "steps", step)) {
                return JobResult.failed("stopped");
            }
        }
        if (plan.end() == WorkPlan.End.NEVER) {
            new CountDownLatch(1).await();
        }
        if (plan.end() == WorkPlan.End.REBOOT && number(execution.memory(), "rebooted") == 0) {
            if (remember(key, execution, "rebooted", 1)) {
                Runtime.getRuntime().halt(0);
            }
            return JobResult.failed("stopped");
        }
        if (plan.end() == WorkPlan.End.FAILED) {
            ledger.write(key, Event.ENDED, "FAILED");
            return JobResult.failed("as planned");
        }
        ledger.write(key, Event.ENDED, "SUCCEEDED");
        return JobResult.succeeded();
    }

    private boolean remember(WorkLine.Key key, JobExecution execution, String name, int value)
            throws InterruptedException {
        boolean isKnown = execution.remember(Map.of(name, Integer.toString(value)));
        if (isKnown) {
            ledger.write(key, Event.REMEMBERED, name + "=" + value);
        }
        return isKnown;
    }

    /** What a step takes. */
    private static void work(WorkPlan plan) throws InterruptedException {
        boolean unused = new CountDownLatch(1).await(plan.millis(), TimeUnit.MILLISECONDS);
    }

    private static int number(Map<String, String> memory, String name) {
        return Integer.parseInt(memory.getOrDefault(name, "0"));
    }
}
