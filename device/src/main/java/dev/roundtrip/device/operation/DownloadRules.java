package dev.roundtrip.device.operation;

import java.net.http.HttpClient;
import java.time.Duration;

/** How files are fetched.
 *
 * @param client sends the requests
 * @param maxBytes the longest file; also what parts of other files may have together
 * @param attempts how many requests in a row may bring nothing, or too little
 * @param pause before the next request; twice as long after each one that brought nothing
 * @param idle a request that brings less than 1,024 bytes in this time is given up
 * @param longest after this time a file is given up however much came; a job may give itself less, with
 *     {@code timeoutSeconds}
 */
public record DownloadRules(
        HttpClient client, long maxBytes, int attempts, Duration pause, Duration idle, Duration longest) {
    private static final long GIBIBYTE = 1L << 30;

    /** One for all devices of a process: each client has a thread of its own. Made when it is first needed. */
    private static final class Shared {
        private static final HttpClient CLIENT = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(10))
                .build();

        private Shared() {}
    }

    /** @throws IllegalArgumentException when a number is less than 1, or a time not positive */
    public DownloadRules {
        if (maxBytes < 1 || attempts < 1 || !pause.isPositive() || !idle.isPositive() || !longest.isPositive()) {
            throw new IllegalArgumentException("bounds must be positive");
        }
    }

    /** Our choice: 1 GiB, 8 requests that bring nothing, pauses from 1 s, 30 s with less than 1,024 bytes, 1 day. All
     * rules have the same client.
     */
    public static DownloadRules standard() {
        return new DownloadRules(
                Shared.CLIENT, GIBIBYTE, 8, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofDays(1));
    }
}
