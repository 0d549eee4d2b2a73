package dev.roundtrip.local.commands;

import dev.roundtrip.local.journal.JournalSettings;
import dev.roundtrip.local.journal.Masks;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The journal: whether it is kept, and what it does not tell. */
final class JournalOptions {
    @Option(
            names = "--no-journal",
            description = "Keep no journal. By default the local cloud keeps the last 65,536 steps of calls, messages"
                    + " and clients in memory.")
    private boolean none;

    @Option(
            names = "--no-payloads",
            description =
                    "Keep no payloads in the journal. By default the journal keeps the last 16 MiB of payloads, the"
                            + " first 2,048 bytes of each.")
    private boolean withoutPayloads;

    @Option(
            names = "--mask",
            paramLabel = "POINTER",
            description =
                    "Show *** in place of this value of payloads in the journal, such as /request/password (a JSON"
                            + " pointer, RFC 6901). May be given several times. With a mask, nothing is told of"
                            + " payloads that are no JSON or longer than 2,048 bytes.")
    private List<String> masks = List.of();

    /** @throws ParameterException when they do not go together, or a pointer is none */
    JournalSettings settings(CommandLine command) {
        if (none) {
            if (withoutPayloads || !masks.isEmpty()) {
                throw new ParameterException(command, "--no-payloads and --mask do not go with --no-journal");
            }
            return JournalSettings.OFF;
        }
        JournalSettings settings = JournalSettings.DEFAULT.withMasks(masks(command));
        return withoutPayloads ? settings.withoutPayloads() : settings;
    }

    private Masks masks(CommandLine command) {
        try {
            return Masks.of(masks);
        } catch (IllegalArgumentException malformed) {
            throw new ParameterException(
                    command, "--mask must be a JSON pointer such as /request/password: " + malformed.getMessage());
        }
    }
}
