package dev.roundtrip.local.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Reads a {@link FaultSpec}, one part after another. */
final class FaultSpecReader {
    private static final Duration DELAY = Duration.ofMillis(200);
    private static final Duration LATENESS = Duration.ofMillis(500);
    private static final Duration AWAY = Duration.ofMillis(500);
    private static final int MAX_SEED = 1_000_000;
    private static final int MAX_LENGTH = 1_000;

    private final Set<String> seen = new HashSet<>();
    private final List<MessageFault> messages = new ArrayList<>();
    private @Nullable Restarts restarts;
    private @Nullable Long seed;
    private double conflicts;

    private FaultSpecReader() {}

    static FaultSpec read(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("faults must be at most " + MAX_LENGTH + " characters, but are "
                    + text.length() + "; write each fault once");
        }
        if (text.strip().equals(FaultSpec.OFF)) {
            return FaultSpec.NONE;
        }
        FaultSpecReader reader = new FaultSpecReader();
        for (String part : text.split(",", -1)) {
            reader.part(part.strip());
        }
        return reader.end();
    }

    private void part(String part) {
        int equals = part.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("each part must be NAME=VALUE, but one is '" + part
                    + "'; write drop=0.05,cut=0.01 for two faults, and off for none");
        }
        String name = part.substring(0, equals);
        if (!seen.add(name)) {
            throw new IllegalArgumentException(name + " is given twice; write it once");
        }
        Value value = new Value(name, part.substring(equals + 1));
        switch (name) {
            case "seed" -> seed = value.number();
            case "drop" -> add(new MessageFault.Drop(value.shareAlone()));
            case "delay" -> add(new MessageFault.Delay(value.share(), value.timeOr(DELAY)));
            case "duplicate" -> add(new MessageFault.Duplicate(value.shareAlone()));
            case "reorder" -> add(new MessageFault.Reorder(value.shareAlone()));
            case "late" -> add(new MessageFault.Late(value.share(), value.timeOr(LATENESS)));
            case "cut" -> add(new MessageFault.Cut(value.shareAlone()));
            case "forge" -> add(new MessageFault.Forge(value.shareAlone()));
            case "conflict" -> conflicts = value.shareAlone();
            case "restart" -> restarts = value.restarts();
            default ->
                throw new IllegalArgumentException("there is no fault '" + name
                        + "'; write drop, delay, duplicate, reorder, late, cut, forge, conflict, restart or seed");
        }
    }

    private void add(MessageFault fault) {
        if (fault.share() > 0) {
            messages.add(fault);
        }
    }

    private FaultSpec end() {
        double sum = messages.stream().mapToDouble(MessageFault::share).sum();
        if (sum > 1 + 1e-9) {
            throw new IllegalArgumentException(
                    "a message meets one fault at the most, so the parts must not exceed 1 together, but are "
                            + Shares.text(sum) + "; write smaller ones");
        }
        return new FaultSpec(
                seed == null ? ThreadLocalRandom.current().nextInt(1, MAX_SEED) : seed, messages, restarts, conflicts);
    }

    /** What stands behind one name: one or two parts with a colon between. */
    private record Value(String name, String text) {

        long number() {
            if (!text.matches("-?[0-9]{1,18}")) {
                throw new IllegalArgumentException(name + " must be a whole number of at most 18 digits, but is '"
                        + text + "'; write " + name + "=7, or leave it out");
            }
            return Long.parseLong(text);
        }

        private String first() {
            return text.split(":", 2)[0];
        }

        double shareAlone() {
            return Shares.read(name, text);
        }

        double share() {
            return Shares.read(name, first());
        }

        Duration timeOr(Duration otherwise) {
            String[] parts = text.split(":", 2);
            return parts.length == 1 ? otherwise : Durations.read(name, parts[1]);
        }

        Restarts restarts() {
            Duration every = Durations.read(name, first());
            if (every.isZero()) {
                throw new IllegalArgumentException(
                        name + " needs some time in between, but has none; write " + name + "=30s");
            }
            return new Restarts(every, timeOr(AWAY));
        }
    }
}
