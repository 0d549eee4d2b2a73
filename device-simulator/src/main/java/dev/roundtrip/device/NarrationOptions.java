package dev.roundtrip.device;

import picocli.CommandLine.Option;

/** The options that say how much is told. */
final class NarrationOptions {
    @Option(
            names = {"-v", "--verbose"},
            description = "One line for each call on stdout, without what was asked and answered.")
    private boolean isVerbose;

    @Option(names = "--show-payloads", description = "With --verbose: requests and answers too. They may hold secrets.")
    private boolean showsPayloads;

    @Option(
            names = {"-q", "--quiet"},
            description = "Nothing but the line that says it is ready, and what stops it.")
    private boolean isQuiet;

    Narrator.Detail detail() {
        if (isQuiet) {
            return Narrator.Detail.QUIET;
        }
        if (showsPayloads) {
            return Narrator.Detail.PAYLOADS;
        }
        return isVerbose ? Narrator.Detail.CALLS : Narrator.Detail.TROUBLE;
    }
}
