package dev.roundtrip.simulator;

import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.simulator.behaviour.Fault;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that show a device at its worst; they combine. */
final class FaultOptions {
    @Option(
            names = "--delay",
            paramLabel = "MS",
            defaultValue = "0",
            description =
                    "Wait this many milliseconds, such as 200, before each call begins. Default:" + " ${DEFAULT-VALUE}")
    private long delayMillis;

    @Option(
            names = "--fail",
            paramLabel = "CODE",
            arity = "0..1",
            fallbackValue = "failed",
            description = "Answer each call with an error of this code, such as jammed, and do not run the method."
                    + " Without a code: ${FALLBACK-VALUE}")
    private @Nullable String failCode;

    @Option(names = "--duplicate", description = "Send each answer twice.")
    private boolean isDuplicating;

    @Option(
            names = "--late",
            paramLabel = "MS",
            arity = "0..1",
            fallbackValue = "500",
            description = "Run the method in time, and send the answer this many milliseconds, such as 2000, after the"
                    + " deadline. Without a number: ${FALLBACK-VALUE}")
    private @Nullable Long lateMillis;

    @Option(names = "--garbage", description = "Run the method, and send bytes that are not an answer.")
    private boolean isGarbling;

    @Option(names = "--silent", description = "Run the method, and send no answer.")
    private boolean isSilent;

    @Option(names = "--deaf", description = "Ignore each call: do not run it, and send no answer.")
    private boolean isDeaf;

    @Option(
            names = "--fault-rate",
            paramLabel = "P",
            description = "The part of the calls, and of desired values, that have these faults, chosen at random: a"
                    + " number from 0 to 1, such as 0.1. Default: 1")
    private @Nullable Double rate;

    /** Whether the device shall be worse than it should be. */
    boolean isAnyGiven() {
        return delayMillis > 0
                || failCode != null
                || isDuplicating
                || lateMillis != null
                || isGarbling
                || isSilent
                || isDeaf;
    }

    /** Whether a part of the calls or of desired values shall have the faults. */
    boolean isRateGiven() {
        return rate != null;
    }

    /** The part of the calls and of desired values that have faults. */
    double rate() {
        return rate == null ? 1 : rate;
    }

    Fault fault(RandomGenerator random) {
        Fault all = failing()
                .then(delayMillis == 0 ? Fault.none() : Fault.delay(Duration.ofMillis(delayMillis)))
                .then(isDuplicating ? Fault.duplicate() : Fault.none())
                .then(lateMillis == null ? Fault.none() : Fault.late(Duration.ofMillis(lateMillis)))
                .then(isGarbling ? Fault.garbage(random) : Fault.none())
                .then(isSilent ? Fault.silent() : Fault.none())
                .then(isDeaf ? Fault.deaf() : Fault.none());
        return rate() == 1 ? all : all.sometimes(rate(), random);
    }

    private Fault failing() {
        return failCode == null ? Fault.none() : Fault.failing(error(failCode));
    }

    private static DeviceError error(String code) {
        try {
            return new DeviceError(code, "this device was told to fail");
        } catch (IllegalArgumentException rule) {
            throw new IllegalArgumentException("--fail takes a code: 1 to 64 of a-z 0-9 _, such as jammed", rule);
        }
    }

    private boolean sendsOtherwise() {
        return isDuplicating || lateMillis != null || isGarbling;
    }

    /** @throws IllegalArgumentException when faults contradict each other, or a number is out of its range */
    void check() {
        if (isDeaf && (delayMillis > 0 || failCode != null || isSilent || sendsOtherwise())) {
            throw new IllegalArgumentException("--deaf ignores each call, and cannot be combined with another fault");
        }
        if (isSilent && (failCode != null || sendsOtherwise())) {
            throw new IllegalArgumentException(
                    "--silent sends no answer, and cannot be combined with --fail, --duplicate, --late or"
                            + " --garbage");
        }
        if (isGarbling && failCode != null) {
            throw new IllegalArgumentException("--garbage and --fail cannot be combined: each of them is the answer");
        }
        if (failCode != null) {
            error(failCode);
        }
        if (delayMillis < 0 || (lateMillis != null && lateMillis < 0)) {
            throw new IllegalArgumentException("--delay and --late take milliseconds, 0 or more, such as 200");
        }
        if (!(rate() >= 0 && rate() <= 1)) {
            throw new IllegalArgumentException("--fault-rate must be a number from 0 to 1, but is " + rate());
        }
    }
}
