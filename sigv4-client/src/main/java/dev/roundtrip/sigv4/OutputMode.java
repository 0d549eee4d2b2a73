package dev.roundtrip.sigv4;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that say what to do instead of making one call; at most one of them is given. */
final class OutputMode {
    @ArgGroup(exclusive = false)
    @Nullable Presigning presigning;

    @Option(
            names = "--curl",
            description = "Print a curl command that makes this call, and call nothing. It takes the credentials from "
                    + "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN when it runs.")
    boolean curl;

    @Option(
            names = "--dry-run",
            description = "Print the signed request as it would be sent, but for the session token, and call nothing.")
    boolean dryRun;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            description =
                    "Make the call N times, one after the other over one connection, and print how the calls ended and how long "
                            + "they took. Ctrl-C ends it early, with the summary.")
    @Nullable Integer repeat;

    /** A signed address. */
    static final class Presigning {
        @Option(
                names = "--presign",
                required = true,
                description =
                        "Print a URL that carries the signature, and call nothing. Whoever has the URL may make this very call "
                                + "until it expires; with a session, its token is part of the URL.")
        boolean presign;

        @Option(
                names = "--expires",
                paramLabel = "S",
                defaultValue = "900",
                description = "How many seconds the URL counts, 1 to 604800; 900 unless given.")
        int expires;

        Duration lifetime() {
            return Duration.ofSeconds(expires);
        }
    }
}
