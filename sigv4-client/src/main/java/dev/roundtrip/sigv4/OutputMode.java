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
            description = "Print a curl command for this call, and do not call. The command reads the credentials from"
                    + " AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN when it runs.")
    boolean curl;

    @Option(names = "--dry-run", description = "Print the signed request, without the session token, and do not call.")
    boolean dryRun;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            description = "Make the call N times over one connection, one after the other. Print how many calls ended"
                    + " with each status, and their times. Ctrl-C ends it early and prints the summary.")
    @Nullable Integer repeat;

    /** A signed address. */
    static final class Presigning {
        @Option(
                names = "--presign",
                required = true,
                description =
                        "Print a URL with the signature in it, and do not call. Everybody who has the URL can make this"
                                + " one call until the URL expires. With temporary credentials, the session token is in"
                                + " the URL.")
        boolean presign;

        @Option(
                names = "--expires",
                paramLabel = "S",
                defaultValue = "900",
                description = "The time that the URL is valid, in seconds, 1 to 604800. Default: 900")
        int expires;

        Duration lifetime() {
            return Duration.ofSeconds(expires);
        }
    }
}
