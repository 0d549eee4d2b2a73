package dev.roundtrip.local.faults;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Decides by chance, and alike for the same seed. Thread-safe. */
final class FaultRandom {
    private final Random random;
    private final List<MessageFault> faults;

    FaultRandom(FaultSpec spec) {
        this.random = new Random(spec.seed());
        this.faults = spec.messages();
    }

    /** What happens to the next message; null for nothing. */
    synchronized @Nullable MessageFault next() {
        double thrown = random.nextDouble();
        for (MessageFault fault : faults) {
            thrown -= fault.share();
            if (thrown < 0) {
                return fault;
            }
        }
        return null;
    }

    /** One of so many, from 0. */
    synchronized int choose(int from) {
        return random.nextInt(from);
    }
}
