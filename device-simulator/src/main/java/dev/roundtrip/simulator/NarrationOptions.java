package dev.roundtrip.simulator;

import picocli.CommandLine.Option;

/** The options that say how much is told. */
final class NarrationOptions {
    @Option(
            names = {"-v", "--verbose"},
            description = "Print one line for each call, without request and answer.")
    private boolean isVerbose;

    @Option(
            names = "--show-payloads",
            description = "With --verbose, print requests and answers too. They may contain secrets.")
    private boolean showsPayloads;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print only the line 'Waiting for command ...' and the error that ends the simulator.")
    private boolean isQuiet;

    /** @throws IllegalArgumentException when they contradict each other */
    void check() {
        if (isQuiet && (isVerbose || showsPayloads)) {
            throw new IllegalArgumentException("--quiet cannot be combined with --verbose or --show-payloads");
        }
        if (showsPayloads && !isVerbose) {
            throw new IllegalArgumentException("--show-payloads needs --verbose");
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
