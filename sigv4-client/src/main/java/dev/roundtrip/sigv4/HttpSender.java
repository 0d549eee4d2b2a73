package dev.roundtrip.sigv4;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/** Sends signed requests over one kept-alive HTTP/1.1 connection. Follows no redirect: the signature counts for one
 * address.
 */
final class HttpSender implements AutoCloseable {
    /** The largest answer that is read; API Gateway's have at most 10 MB. */
    static final int MAX_ANSWER_BYTES = 64 * 1024 * 1024;

    private static final Duration CONNECT_TIME = Duration.ofSeconds(10); // Linux asks at 0, 1, 3 and 7 s

    static {
        // The JDK's client sends a GET up to five times when connections break. A call may have an effect: never again
        // unasked.
        System.setProperty("jdk.httpclient.redirects.retrylimit", "1");
    }

    private final HttpClient client;
    private final Duration maxTime;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    /** A sender that has not connected yet.
     *
     * @param trust which servers to trust with https
     * @param maxTime how long one call may take, connecting and reading the answer included
     */
    HttpSender(SSLContext trust, Duration maxTime) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIME)
                .sslContext(trust)
                .build();
        this.maxTime = maxTime;
    }

    /** Sends and waits for the whole answer.
     *
     * @throws HttpTimeoutException when it took too long
     * @throws IOException when there is no answer for another reason
     * @throws InterruptedException when the thread was interrupted; the call is given up
     */
    Answer send(SignedRequest request) throws IOException, InterruptedException {
        Future<Answer> answer = executor.submit(() -> exchange(request));
        try {
            return answer.get(maxTime.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no complete answer within " + maxTime.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw asIoException(e.getCause() == null ? e : e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private Answer exchange(SignedRequest request) throws IOException, InterruptedException {
        long start = System.nanoTime();
        HttpResponse<InputStream> response = client.send(request.toHttpRequest(), BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(MAX_ANSWER_BYTES + 1);
            if (bytes.length > MAX_ANSWER_BYTES) {
                throw new IOException("the answer has more than " + MAX_ANSWER_BYTES + " bytes");
            }
            return new Answer(
                    response.statusCode(), response.headers(), bytes, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private static IOException asIoException(Throwable cause) {
        return switch (cause) {
            case IOException io -> io;
            case InterruptedException interrupted -> new InterruptedIOException(interrupted.getMessage());
            case Error error -> throw error;
            case RuntimeException bug -> throw bug;
            default -> new IOException(cause);
        };
    }

    @Override
    public void close() {
        executor.shutdownNow();
        client.shutdownNow();
    }
}
