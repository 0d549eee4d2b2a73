package dev.roundtrip.local.commands;

import dev.roundtrip.local.running.Query;
import dev.roundtrip.protocol.Target;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which calls are shown. */
final class CallFilter {
    @Option(names = "--device", paramLabel = "NAME", description = "Show the calls of this device only.")
    private @Nullable Target device;

    @Option(
            names = "--caller",
            paramLabel = "NAME",
            description = "Show the calls of this caller only: its ARN, or the name at its end.")
    private @Nullable String caller;

    @Option(names = "--failed", description = "Show only calls that did not end with ok or accepted.")
    private boolean failed;

    Query query() {
        return Query.EMPTY
                .with("device", device == null ? null : device.value())
                .with("caller", caller)
                .with("failed", failed);
    }
}
