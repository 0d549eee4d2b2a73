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

    /** @throws IllegalArgumentException when they contradict each other */
    void check() {
        if (isQuiet && (isVerbose || showsPayloads)) {
            throw new IllegalArgumentException("--quiet does not go with --verbose and --show-payloads");
        }
        if (showsPayloads && !isVerbose) {
            throw new IllegalArgumentException("--show-payloads goes with --verbose");
        }
    }

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
