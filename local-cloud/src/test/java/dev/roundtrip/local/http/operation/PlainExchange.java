package dev.roundtrip.local.http.operation;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.HttpExchange;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.HttpStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A request for an operation without a socket, for tests that ask thousands of times. */
public final class PlainExchange implements HttpExchange {
    private final SignedRequest request;
    private final CompletableFuture<HttpReply> reply = new CompletableFuture<>();

    private PlainExchange(SignedRequest request) {
        this.request = request;
    }

    /** Asks, and waits for the answer.
     *
     * @param target path and query
     */
    public static HttpReply ask(OperationService service, String method, String target, String body) {
        int question = target.indexOf('?');
        return ask(
                service,
                new SignedRequest(
                        method,
                        question < 0 ? target : target.substring(0, question),
                        question < 0 ? "" : target.substring(question + 1),
                        List.of(),
                        body.getBytes(StandardCharsets.UTF_8)));
    }

    /** Asks, and waits for the answer for 20 s at most. */
    public static HttpReply ask(OperationService service, SignedRequest request) {
        PlainExchange exchange = new PlainExchange(request);
        service.serve(exchange);
        return exchange.reply.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Override
    public SignedRequest request() {
        return request;
    }

    @Override
    public InetAddress source() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public void verified() {}

    @Override
    public void after(Duration time, Runnable task) {}

    @Override
    public void later(Duration time, Runnable task) {}

    @Override
    public void answer(HttpReply answered) {
        reply.complete(answered);
    }

    @Override
    public HttpStream stream(HttpReply head) {
        throw new AssertionError("no operation streams");
    }
}
