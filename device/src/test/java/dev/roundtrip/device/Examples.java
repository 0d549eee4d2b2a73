package dev.roundtrip.device;

import dev.roundtrip.device.command.ExecutionResult;
import dev.roundtrip.device.job.JobResult;
import dev.roundtrip.device.method.Call;
import dev.roundtrip.device.method.MethodFailedException;
import dev.roundtrip.device.method.RefusedException;
import dev.roundtrip.device.operation.Download;
import dev.roundtrip.device.operation.StepOutcome;
import dev.roundtrip.device.operation.Steps;
import dev.roundtrip.device.provisioning.FleetProvisioning;
import dev.roundtrip.device.provisioning.Provisioned;
import dev.roundtrip.device.provisioning.ProvisioningException;
import dev.roundtrip.device.transport.Login;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The examples of the Javadoc and of docs/device.md, compiled. {@link ExamplesTest} holds them against each other. */
final class Examples {
    private final Pump pump = new Pump();

    /** Some hardware. */
    static final class Pump {
        private int rpm;

        Map<String, Integer> start(int revolutions) {
            rpm = revolutions;
            return Map.of("rpm", rpm);
        }

        double pressure() {
            return rpm / 1000.0;
        }

        boolean isLocked() {
            return rpm < 0;
        }

        boolean isStuck() {
            return rpm > 9000;
        }

        boolean flushesOn() {
            return rpm-- > 0;
        }
    }

    // example: device
    record Start(int rpm) {}

    void run() throws NotReadyException, InterruptedException {
        try (RoundtripDevice device = RoundtripDevice.named("pump-1")
                .at("example-ats.iot.eu-central-1.amazonaws.com")
                .identity(Path.of("cert.pem"), Path.of("key.pem"), Path.of("ca.pem"))
                .on("start", Start.class, (start, call) -> pump.start(start.rpm()))
                .on("read", (request, call) -> Map.of("bar", pump.pressure()))
                .connect()) {
            device.awaitReady(Duration.ofSeconds(10));
            Thread.currentThread().join();
        }
    }
    // end

    // example: failures
    Object open(Start start, Call call) throws RefusedException, MethodFailedException {
        if (pump.isLocked()) {
            throw new RefusedException("locked", "the pump is locked by hand");
        }
        if (pump.isStuck()) {
            throw new MethodFailedException("stuck", "the pump does not turn");
        }
        return pump.start(start.rpm());
    }
    // end

    // example: deadline
    Object flush(Start start, Call call) throws MethodFailedException {
        while (pump.flushesOn()) {
            if (call.isAbandoned()) {
                throw new MethodFailedException("stopped", "nobody waited any longer");
            }
        }
        return call.remaining().toMillis();
    }
    // end

    DeviceBuilder order(DeviceBuilder device) {
        // example: order
        device.lane("arm", "up", "down").serial("arm").store(Path.of("pump-1.journal"));
        // end
        return device;
    }

    DeviceBuilder others(DeviceBuilder device) {
        // example: others
        device.onOther((request, call) -> {
            throw call.unknownMethod();
        });
        // end
        return device;
    }

    DeviceBuilder listen(DeviceBuilder device) {
        // example: listeners
        device.listeners(DeviceListeners.NONE
                .withConnections(event -> System.out.println(event))
                .withTroubles(trouble -> System.out.println(trouble.reason())));
        // end
        return device;
    }

    DeviceBuilder shadow(DeviceBuilder device) {
        // example: shadow
        device.shadow(shadow -> shadow.on("rpm", Integer.class, rpm -> {
            pump.start(rpm);
            return rpm;
        }));
        // end
        return device;
    }

    DeviceBuilder command(DeviceBuilder device) {
        // example: command
        device.command(execution -> {
            Start start = execution.as(Start.class);
            pump.start(start.rpm());
            return ExecutionResult.succeeded().with("turns", true);
        });
        // end
        return device;
    }

    DeviceBuilder jobs(DeviceBuilder device) {
        // example: jobs
        device.jobs(jobs -> jobs.on("calibrate", execution -> {
            if (!execution.memory().containsKey("zeroed")) {
                pump.start(0);
                if (!execution.remember(Map.of("zeroed", "yes"))) {
                    return JobResult.stopped();
                }
            }
            return JobResult.succeeded(Map.of("bar", String.valueOf(pump.pressure())));
        }));
        // end
        return device;
    }

    DeviceBuilder operations(DeviceBuilder device) {
        // example: download
        device.jobs(jobs -> jobs.on("download", new Download(Path.of("/var/lib/pump"))));
        // end
        // example: steps
        Steps steps = new Steps().on("echo", step -> StepOutcome.done(String.join(" ", step.arguments())));
        device.jobs(jobs -> jobs.onOther(steps));
        // end
        return device;
    }

    DeviceBuilder provision(Login claim) throws ProvisioningException, InterruptedException {
        // example: provision
        Provisioned pump = FleetProvisioning.by(claim, "pumps", Path.of("/var/lib/pump/identity"))
                .with("SerialNumber", "7")
                .provision(Duration.ofMinutes(5));
        // end
        return RoundtripDevice.of(pump.login());
    }

    DeviceBuilder clocks(DeviceBuilder device) {
        // example: clock
        device.clockTolerance(Duration.ofSeconds(2)).mqtt(MqttVersion.MQTT_3);
        // end
        return device;
    }
}
