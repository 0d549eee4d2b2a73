package dev.roundtrip.device.operation;

import java.net.http.HttpClient;
import java.time.Duration;

/** How files are fetched.
 *
 * @param client sends the requests
 * @param maxBytes the longest file
 * @param attempts how many requests in a row may bring nothing
 * @param pause before the next request; twice as long after each one that brought nothing
 * @param idle after so long without a byte, a request is given up
 */
public record DownloadRules(HttpClient client, long maxBytes, int attempts, Duration pause, Duration idle) {
    private static final long GIBIBYTE = 1L << 30;

    /** @throws IllegalArgumentException when a number is less than 1, or a time not positive */
    public DownloadRules {
        if (maxBytes < 1 || attempts < 1 || !pause.isPositive() || !idle.isPositive()) {
            throw new IllegalArgumentException("bounds must be positive");
        }
    }

    /** Our choice: 1 GiB, 8 requests that bring nothing, pauses from 1 s, 30 s without a byte. */
    public static DownloadRules standard() {
        return new DownloadRules(
                HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .connectTimeout(Duration.ofSeconds(10))
                        .build(),
                GIBIBYTE,
                8,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30));
    }
}
