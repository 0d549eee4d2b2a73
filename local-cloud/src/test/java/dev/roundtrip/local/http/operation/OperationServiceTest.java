package dev.roundtrip.local.http.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.auth.sigv4.Verdict;
import dev.roundtrip.local.http.HttpExchange;
import dev.roundtrip.local.http.HttpLimits;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.HttpStream;
import dev.roundtrip.local.http.RefusedRequests;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.log.BoundedLog;
import dev.roundtrip.local.store.table.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Operations that do not answer by themselves, or not in time. */
class OperationServiceTest {
    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<HttpReply> later = new CompletableFuture<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private final AtomicBoolean available = new AtomicBoolean(true);
    private final OperationService service = new OperationService(
            new OperationTable(
                    "test",
                    "none",
                    Set.of("test"),
                    new HttpLimits(1000, 1000, 1000),
                    List.of(
                            Operation.of(
                                    "Later", "GET /later", new Operation.Permission("test:Later", "*"), request -> {
                                        entered.countDown();
                                        return later;
                                    }),
                            Operation.answered(
                                    "Hang", "GET /hang", new Operation.Permission("test:Hang", "*"), request -> hang()),
                            Operation.answered(
                                    "Full", "GET /full", new Operation.Permission("test:Full", "*"), request -> {
                                        throw new StoreException("the disk is full", new IOException());
                                    }))),
            "test",
            (request, source) -> request.query().isEmpty()
                    ? new RequestAuthentication.Known(access -> true)
                    : new RequestAuthentication.Unknown(Verdict.Refused.unknownKey()),
            available::get,
            new RefusedRequests(new BoundedLog(log::add)));

    private HttpReply hang() {
        entered.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stopped) {
            interrupted.set(true);
        }
        return RestJson.empty();
    }

    /** Keeps the answers and the timer of one request. */
    private static final class KeptExchange implements HttpExchange {
        private final SignedRequest request;
        private final Queue<HttpReply> answers = new ConcurrentLinkedQueue<>();
        private final Queue<Runnable> timers = new ConcurrentLinkedQueue<>();

        KeptExchange(String path, String query) {
            request = new SignedRequest("GET", path, query, List.of(), new byte[0]);
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
        public void after(Duration time, Runnable task) {
            timers.add(task);
        }

        @Override
        public void later(Duration time, Runnable task) {
            timers.add(task);
        }

        @Override
        public void answer(HttpReply reply) {
            answers.add(reply);
        }

        @Override
        public HttpStream stream(HttpReply head) {
            throw new AssertionError("no operation streams");
        }
    }

    private KeptExchange serve(String path) throws Exception {
        KeptExchange exchange = new KeptExchange(path, "");
        service.serve(exchange);
        entered.await();
        return exchange;
    }

    @Test
    void operation_that_never_answers_is_a_gateway_timeout_and_a_late_answer_is_not_sent() throws Exception {
        KeptExchange exchange = serve("/later");

        exchange.timers.remove().run();
        later.complete(RestJson.empty());

        assertThat(exchange.answers)
                .singleElement()
                .satisfies(answer -> assertThat(answer.status()).isEqualTo(504));
        assertThat(log).singleElement().asString().contains("GatewayTimeoutException");
    }

    @Test
    void operation_that_hangs_when_the_cloud_stops_is_interrupted_and_answered() throws Exception {
        KeptExchange exchange = serve("/hang");

        service.interruptAll();

        await().untilTrue(interrupted);
        assertThat(exchange.answers)
                .singleElement()
                .satisfies(answer -> assertThat(answer.status()).isEqualTo(503));
    }

    @Test
    void nothing_is_asked_while_the_broker_is_away() {
        available.set(false);
        KeptExchange exchange = new KeptExchange("/later", "");

        service.serve(exchange);

        await().until(() -> !exchange.answers.isEmpty());
        assertThat(exchange.answers.remove().status()).isEqualTo(503);
        assertThat(entered.getCount()).isEqualTo(1);
    }

    @Test
    void rows_that_cannot_be_written_make_the_service_unavailable() {
        KeptExchange exchange = new KeptExchange("/full", "");

        service.serve(exchange);

        await().until(() -> !exchange.answers.isEmpty());
        HttpReply refused = exchange.answers.remove();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(new String(refused.body(), StandardCharsets.UTF_8)).doesNotContain("disk");
        await().until(() -> !log.isEmpty());
        assertThat(log).singleElement().asString().contains("ServiceUnavailableException");
    }

    @Test
    void log_has_AWS_s_name_of_a_wrong_signature_and_the_client_the_words_of_the_service() {
        KeptExchange exchange = new KeptExchange("/later", "unsigned");

        service.serve(exchange);

        await().until(() -> !exchange.answers.isEmpty());
        HttpReply refused = exchange.answers.remove();
        assertThat(refused.status()).isEqualTo(403);
        assertThat(new String(refused.body(), StandardCharsets.UTF_8))
                .contains("\"The security token included in the request is invalid.\"");
        assertThat(refused.headers()).contains(new Header("x-amzn-ErrorType", "UnrecognizedClientException"));
        await().until(() -> !log.isEmpty());
        assertThat(log).singleElement().asString().contains("UnrecognizedClientException");
    }
}
