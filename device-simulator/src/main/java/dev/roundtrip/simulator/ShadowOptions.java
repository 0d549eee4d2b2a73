package dev.roundtrip.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.shadow.DeviceShadow;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.simulator.SimulatedShadows.Afterwards;
import dev.roundtrip.simulator.behaviour.ShadowFault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of shadows: which ones a device keeps, and what it does about desired values. */
final class ShadowOptions {
    private static final String NOT_ASKED = "";

    @Option(
            names = "--shadow",
            description = "Keep the thing's classic shadow: apply each desired value, and report it with an"
                    + " acknowledgement beside it. The device's policy must allow the shadow's topics.")
    private boolean hasClassic;

    @Option(
            names = "--shadow-name",
            paramLabel = "NAME",
            description =
                    "Keep this named shadow of the thing, such as config. May be given several times. Default: none")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--shadow-delay",
            paramLabel = "MS",
            defaultValue = "0",
            description = "Wait this many milliseconds, such as 500, before each desired value is applied."
                    + " Default: ${DEFAULT-VALUE}")
    private long delayMillis;

    @Option(
            names = "--shadow-refuse",
            paramLabel = "CODE",
            arity = "0..1",
            fallbackValue = "422",
            description = "Refuse each desired value with this code, 400 to 599, such as 409. Without a code:"
                    + " ${FALLBACK-VALUE}")
    private @Nullable Integer refusal;

    @Option(
            names = "--shadow-report",
            paramLabel = "JSON",
            description = "Report this value, such as 3 or '\"off\"', in place of each desired value. Default: the"
                    + " desired value")
    private String otherValue = NOT_ASKED;

    @Option(names = "--shadow-ignore", description = "Take no notice of desired values.")
    private boolean isIgnoring;

    @Option(
            names = "--shadow-clear",
            description = "Send \"desired\":null together with each report of an applied value.")
    private boolean isClearing;

    /** Whether the device shall do otherwise than its shadow desires. */
    boolean isFaultGiven() {
        return delayMillis > 0 || refusal != null || !otherValue.equals(NOT_ASKED) || isIgnoring;
    }

    /** @throws IllegalArgumentException when an option is not what it should be, or options contradict each other */
    void check() {
        names.forEach(name -> DeviceShadow.checkName("--shadow-name", name));
        if (delayMillis < 0) {
            throw new IllegalArgumentException("--shadow-delay takes milliseconds, 0 or more, such as 500");
        }
        long kinds = Stream.of(refusal != null, !otherValue.equals(NOT_ASKED), isIgnoring)
                .filter(given -> given)
                .count();
        if (kinds > 1) {
            throw new IllegalArgumentException(
                    "--shadow-refuse, --shadow-report and --shadow-ignore cannot be combined: a value has one answer");
        }
        var unused = answer();
        if (!hasClassic && names.isEmpty() && (isFaultGiven() || isClearing)) {
            throw new IllegalArgumentException(
                    "--shadow-delay, --shadow-refuse, --shadow-report, --shadow-ignore and --shadow-clear need"
                            + " --shadow or --shadow-name: add --shadow for the thing's classic shadow");
        }
    }

    private ShadowFault answer() {
        if (refusal != null) {
            try {
                return ShadowFault.refusing(refusal);
            } catch (IllegalArgumentException rule) {
                throw new IllegalArgumentException("--shadow-refuse takes a code, 400 to 599, such as 422", rule);
            }
        }
        if (isIgnoring) {
            return ShadowFault.ignoring();
        }
        return otherValue.equals(NOT_ASKED) ? ShadowFault.none() : ShadowFault.reporting(json(otherValue));
    }

    private static JsonNode json(String text) {
        try {
            return Json.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (MalformedJsonException wrong) {
            throw new IllegalArgumentException("--shadow-report takes JSON, such as 3 or '\"off\"'", wrong);
        }
    }

    /** The shadows.
     *
     * @param rate the part of the desired values that meet the faults, 0 to 1
     */
    SimulatedShadows shadows(double rate, RandomGenerator random, Consumer<ShadowEvent> listener) {
        ShadowFault late = delayMillis == 0
                ? ShadowFault.none()
                : ShadowFault.late(Duration.ofMillis(delayMillis), DeviceClock.system());
        ShadowFault all = answer().then(late);
        return new SimulatedShadows(
                Stream.concat(hasClassic ? Stream.of("") : Stream.empty(), names.stream())
                        .distinct()
                        .toList(),
                (rate == 1 ? all : all.sometimes(rate, random)).distort(ShadowFault.honest()),
                isClearing ? Afterwards.CLEAR : Afterwards.KEEP,
                listener);
    }
}
