package dev.roundtrip.simulator.work;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roundtrip.device.DeviceFeatures;
import dev.roundtrip.device.DeviceFeatures.Hosting;
import dev.roundtrip.device.DeviceTrouble;
import dev.roundtrip.device.NotReadyException;
import dev.roundtrip.device.command.CommandRules;
import dev.roundtrip.device.command.DeviceCommands;
import dev.roundtrip.device.job.DeviceJobs;
import dev.roundtrip.device.job.JobBuilder;
import dev.roundtrip.device.operation.Diagnostics;
import dev.roundtrip.device.operation.Download;
import dev.roundtrip.device.operation.InvokeMethod;
import dev.roundtrip.device.operation.Reset;
import dev.roundtrip.device.operation.ResetPort;
import dev.roundtrip.device.operation.RotateCertificate;
import dev.roundtrip.device.operation.StepOutcome;
import dev.roundtrip.device.operation.Steps;
import dev.roundtrip.device.transport.DeviceFeature;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which jobs and commands simulated devices carry out.
 *
 * @param directory each device has one of its name in it, for what jobs download; null when devices take no jobs
 * @param takesCommands whether they take commands
 * @param fault what goes wrong
 * @param rotation who renews certificates; null when nobody does
 * @param ledger hears what they have done
 */
public record SimulatedWork(
        @Nullable Path directory,
        Commands takesCommands,
        WorkFault fault,
        @Nullable Rotation rotation,
        WorkListener ledger) {
    /** None. */
    public static final SimulatedWork NONE = new SimulatedWork(null, Commands.IGNORED, WorkFault.NONE);

    /** Certificates are renewed by nobody. */
    public SimulatedWork(@Nullable Path directory, Commands takesCommands, WorkFault fault) {
        this(directory, takesCommands, fault, null, (device, jobId, step) -> {});
    }

    /** Checks a directory before anything is done.
     *
     * @param option that has it
     * @return the same
     * @throws IllegalArgumentException when there is a file in its place
     */
    public static @Nullable Path checked(String option, @Nullable Path directory) {
        if (directory != null && Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new IllegalArgumentException(
                    option + " takes a directory, but " + directory + " is a file: name another path");
        }
        return directory;
    }

    /** The same, with that rotation of certificates. */
    public SimulatedWork rotating(@Nullable Rotation other) {
        return new SimulatedWork(directory, takesCommands, fault, other, ledger);
    }

    /** The same, with that ledger. */
    public SimulatedWork heardBy(WorkListener other) {
        return new SimulatedWork(directory, takesCommands, fault, rotation, other);
    }

    /** What a device does before it connects, at its first start and after each power cut.
     *
     * @throws NotReadyException when its identity cannot be used
     */
    public void start(Target device) throws NotReadyException {
        if (rotation != null) {
            try {
                rotation.starts(device);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new NotReadyException(device + " was interrupted");
            } catch (Exception unusable) {
                throw new NotReadyException(String.valueOf(unusable.getMessage()));
            }
        }
    }

    /** What is done about commands. */
    public enum Commands {
        /** The device does not subscribe to them. */
        IGNORED,
        /** The device carries them out. */
        CARRIED_OUT
    }

    /** The features of one device.
     *
     * @param power of that device
     */
    public DeviceFeatures features(Power power) {
        FaultyWork faulty = new FaultyWork(fault, power);
        DeviceFeatures features = DeviceFeatures.NONE;
        if (takesCommands == Commands.CARRIED_OUT) {
            features = features.with(hosting -> commands(hosting, faulty));
        }
        Path all = directory;
        return all == null ? features : features.with(hosting -> jobs(hosting, faulty, all, power));
    }

    private static DeviceFeature commands(Hosting hosting, FaultyWork faulty) {
        return new DeviceCommands(
                hosting.device().value(),
                CommandRules.DEFAULT,
                faulty.command(new MethodCommands(hosting.methods())),
                Json.mapper(),
                hosting.publisher(),
                reason -> hosting.troubles().accept(new DeviceTrouble.Command(hosting.device(), reason)));
    }

    private DeviceFeature jobs(Hosting hosting, FaultyWork faulty, Path all, Power power) {
        Path own = all.resolve(hosting.device().value());
        ObjectMapper mapper = Json.mapper();
        JobBuilder jobs = new JobBuilder(mapper)
                .on("invoke", faulty.job(new InvokeMethod(hosting.methods())))
                .on("work", faulty.job(new CountedWork((jobId, step) -> ledger.done(hosting.device(), jobId, step))))
                .on("download", faulty.job(new Download(own)))
                .on("reset", faulty.job(new Reset(board(power))))
                .on("diagnostics", faulty.job(new Diagnostics(document -> state(hosting))))
                .onOther(faulty.job(steps()));
        Rotation by = rotation;
        if (by != null) {
            var unused = jobs.on(
                    "rotate-certificate",
                    faulty.job(execution ->
                            new RotateCertificate(by.of(hosting.device(), power::cycle)).handle(execution)));
        }
        return new DeviceJobs(
                hosting.device().value(),
                jobs.table(),
                hosting.publisher(),
                reason -> hosting.troubles().accept(new DeviceTrouble.Job(hosting.device(), reason)));
    }

    /** A board that was switched on now. */
    private static ResetPort board(Power power) {
        String boot = UUID.randomUUID().toString();
        return new ResetPort() {
            @Override
            public Set<String> kinds() {
                return Set.of("reboot");
            }

            @Override
            public String generation(String kind) {
                return boot;
            }

            @Override
            public void reset(String kind) {
                power.cycle();
            }
        };
    }

    private static Map<String, String> state(Hosting hosting) {
        Map<String, String> state = new LinkedHashMap<>();
        state.put("device", hosting.device().value());
        state.put("java", Runtime.version().toString());
        state.put("freeMemory", Long.toString(Runtime.getRuntime().freeMemory()));
        return state;
    }

    /** The handlers that documents of AWS's IoT Device Client find here; each may run twice. */
    private static Steps steps() {
        return new Steps()
                .onResuming("echo", step -> StepOutcome.done(String.join(" ", step.arguments())))
                .onResuming("sleep", step -> {
                    String millis =
                            step.arguments().isEmpty() ? "" : step.arguments().getFirst();
                    if (!millis.matches("[0-9]{1,6}")) {
                        return StepOutcome.failed(2, "sleep takes whole milliseconds");
                    }
                    Thread.sleep(Duration.ofMillis(Long.parseLong(millis)));
                    return StepOutcome.done("");
                })
                .onResuming("false", step -> StepOutcome.failed(1, ""));
    }
}
