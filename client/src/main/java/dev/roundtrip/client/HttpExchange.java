package dev.roundtrip.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Sends requests over kept connections in HTTP/1.1, follows no redirect, and repeats nothing. Thread-safe. */
final class HttpExchange implements AutoCloseable {
    /** The longest answer that is read: a device's has 128 KB at most. */
    static final int MAX_ANSWER_BYTES = 1024 * 1024;

    private static final Duration CONNECT_TIME = Duration.ofSeconds(10); // Linux asks at 0, 1, 3 and 7 s

    private final HttpClient http;

    HttpExchange(SSLContext trust) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIME)
                .sslContext(trust)
                .build();
    }

    /** Sends a request and waits for the whole answer.
     *
     * @param body what the request publishes
     * @param limit how long it may take, connecting and reading included
     * @throws InterruptedException when the thread is interrupted; the request may have run
     */
    Reply send(HttpRequest request, OnceBody body, Duration limit) throws InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, head -> new BoundedBody(MAX_ANSWER_BYTES));
        try {
            HttpResponse<byte[]> response = answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return new Reply.Answered(response.statusCode(), response.headers(), response.body());
        } catch (TimeoutException late) {
            return body.withdraw()
                    ? new Reply.Unsent("no connection to the endpoint within the deadline")
                    : new Reply.Lost("no whole answer within the deadline");
        } catch (ExecutionException | CancellationException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            if (cause instanceof Error error) {
                throw error;
            }
            return body.withdraw() || hasCause(cause, SSLHandshakeException.class)
                    ? new Reply.Unsent(whyUnsent(cause))
                    : new Reply.Lost("the connection was lost before the whole answer was there");
        } finally {
            body.withdraw();
            answer.cancel(true);
        }
    }

    /** The reason without the exception's own text, which may quote what a server sent. */
    private static String whyUnsent(Throwable cause) {
        if (hasCause(cause, HttpConnectTimeoutException.class)) {
            return "the endpoint does not take the connection";
        }
        if (hasCause(cause, UnresolvedAddressException.class) || hasCause(cause, UnknownHostException.class)) {
            return "the endpoint's host is not known";
        }
        if (hasCause(cause, ConnectException.class)) {
            return "nothing answers at the endpoint";
        }
        if (hasCause(cause, SSLException.class)) {
            return "no TLS with the endpoint: its certificate is not trusted, or it speaks no TLS";
        }
        return hasCause(cause, IOException.class)
                ? "the connection was lost before the request was sent"
                : "nothing was sent";
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    /** Ends what is in flight. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}
