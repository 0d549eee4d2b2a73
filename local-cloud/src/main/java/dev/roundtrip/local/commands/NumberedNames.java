package dev.roundtrip.local.commands;

import dev.roundtrip.protocol.MalformedNameException;
import dev.roundtrip.protocol.Target;
import java.util.List;
import java.util.stream.IntStream;

/** Names of many devices, {@code NAME-1} to {@code NAME-N}, as {@code device-simulator --count} has them. */
final class NumberedNames {
    private NumberedNames() {}

    /** @throws MalformedNameException when one is too long, or has other characters than a device's name may have */
    static List<Target> of(Target prefix, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> new Target(prefix + "-" + number))
                .toList();
    }
}
