package dev.roundtrip.device;

import dev.roundtrip.device.behaviour.Fault;
import dev.roundtrip.protocol.DeviceError;
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
            description = "Begin each call this many milliseconds later.")
    private long delayMillis;

    @Option(
            names = "--fail",
            paramLabel = "CODE",
            arity = "0..1",
            fallbackValue = "failed",
            description =
                    "Answer every call with an error of this code (${FALLBACK-VALUE} when not given), and run nothing.")
    private @Nullable String failCode;

    @Option(names = "--duplicate", description = "Send every answer twice.")
    private boolean isDuplicating;

    @Option(
            names = "--late",
            paramLabel = "MS",
            arity = "0..1",
            fallbackValue = "500",
            description =
                    "Run in time, but answer this many milliseconds after the deadline (${FALLBACK-VALUE} when not given).")
    private @Nullable Long lateMillis;

    @Option(names = "--garbage", description = "Run, but send something that is no answer.")
    private boolean isGarbling;

    @Option(names = "--silent", description = "Run, but never answer.")
    private boolean isSilent;

    @Option(names = "--deaf", description = "Never notice a call.")
    private boolean isDeaf;

    @Option(
            names = "--fault-rate",
            paramLabel = "P",
            description = "Do all that to a part of the calls only, chosen by chance: a number from 0 to 1. Default: 1")
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

    Fault fault(RandomGenerator random) {
        Fault all = failing()
                .then(delayMillis == 0 ? Fault.none() : Fault.delay(Duration.ofMillis(delayMillis)))
                .then(isDuplicating ? Fault.duplicate() : Fault.none())
                .then(lateMillis == null ? Fault.none() : Fault.late(Duration.ofMillis(lateMillis)))
                .then(isGarbling ? Fault.garbage(random) : Fault.none())
                .then(isSilent ? Fault.silent() : Fault.none())
                .then(isDeaf ? Fault.deaf() : Fault.none());
        return rate == null || rate == 1 ? all : all.sometimes(rate, random);
    }

    private Fault failing() {
        return failCode == null
                ? Fault.none()
                : Fault.failing(new DeviceError(failCode, "this device was told to fail"));
    }

    private boolean sendsOtherwise() {
        return isDuplicating || lateMillis != null || isGarbling;
    }

    /** @throws IllegalArgumentException when faults contradict each other, or a number is out of its range */
    void check() {
        if (isDeaf && (delayMillis > 0 || failCode != null || isSilent || sendsOtherwise())) {
            throw new IllegalArgumentException("--deaf never notices a call, so that no other fault goes with it");
        }
        if (isSilent && (failCode != null || sendsOtherwise())) {
            throw new IllegalArgumentException(
                    "--silent never answers, so that --fail, --duplicate, --late and --garbage do not go with it");
        }
        if (isGarbling && failCode != null) {
            throw new IllegalArgumentException(
                    "--garbage and --fail do not go together: each decides what is answered");
        }
        if (delayMillis < 0 || (lateMillis != null && lateMillis < 0)) {
            throw new IllegalArgumentException("--delay and --late take milliseconds, 0 or more");
        }
        Double part = rate;
        if (part == null) {
            return;
        }
        if (!(part >= 0 && part <= 1)) {
            throw new IllegalArgumentException("--fault-rate must be a number from 0 to 1, but is " + part);
        }
        if (!isAnyGiven()) {
            throw new IllegalArgumentException(
                    "--fault-rate goes with a fault: --delay, --fail, --duplicate, --late, --garbage, --silent or --deaf");
        }
    }
}
