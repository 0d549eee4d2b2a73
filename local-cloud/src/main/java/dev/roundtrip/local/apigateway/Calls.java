package dev.roundtrip.local.apigateway;

import dev.roundtrip.auth.sigv4.Caller;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.HttpReply;
import io.netty.util.concurrent.EventExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The calls that run, whichever connection they came from and even when it is gone. */
final class Calls {
    private static final Logger LOG = System.getLogger(Calls.class.getName());

    /** Made ahead: whatever breaks later, this is there. */
    private final HttpReply failure = Refusals.failed();

    private final Set<Exchange> running = ConcurrentHashMap.newKeySet();
    private final ApiSettings settings;
    private final Integration integration;
    private final ProxyEvent events;
    private final RequestLog log;

    Calls(ApiSettings settings, Integration integration, ProxyEvent events) {
        this.settings = settings;
        this.integration = integration;
        this.events = events;
        this.log = new RequestLog(settings.log(), settings.refusals());
    }

    RequestIds ids() {
        return RequestIds.fresh(Instant.now());
    }

    IncomingRequest incoming(SignedRequest request, String sourceIp) {
        return new IncomingRequest(request, sourceIp, ids());
    }

    /** Notes the answer to a request that could not be read. */
    void refused(String sourceIp, RequestIds ids, HttpReply answer) {
        log.refused(sourceIp, ids, answer);
    }

    /** Makes a call ready to start. */
    Exchange prepare(IncomingRequest request, Consumer<HttpReply> reply) {
        long deadline = System.nanoTime() + settings.function().timeout().toNanos();
        AtomicReference<@Nullable Caller> caller = new AtomicReference<>();
        Exchange exchange = new Exchange(
                () -> serve(request, caller::set, deadline),
                answer -> {
                    reply.accept(answer);
                    log.answered(request, caller.get(), answer);
                },
                running::remove,
                failure);
        running.add(exchange);
        return exchange;
    }

    /** A failure of the function has its answer already; this one is ours. */
    private HttpReply serve(IncomingRequest request, Consumer<Caller> identified, long deadline) {
        try {
            return integration.serve(request, identified, events, deadline);
        } catch (RuntimeException | Error failed) {
            // The message may quote what the caller sent: where it happened must do.
            StackTraceElement[] trace = failed.getStackTrace();
            LOG.log(
                    Level.ERROR,
                    "The API failed on request {0} with {1} at {2}",
                    request.ids().requestId(),
                    failed.getClass().getName(),
                    trace.length > 0 ? trace[0] : "an unknown place");
            return failure;
        }
    }

    /** What is answered when the API itself fails. */
    HttpReply failure() {
        return failure;
    }

    /** How long a caller waits for the function: until API Gateway or the function's own timeout ends it. */
    Duration patience() {
        Duration function = settings.function().timeout();
        Duration integrationTimeout = settings.limits().integrationTimeout();
        return function.compareTo(integrationTimeout) < 0 ? function : integrationTimeout;
    }

    /** Answers a call whose function took too long, and sees to it that the function ends at its own timeout. */
    @SuppressWarnings("FutureReturnValueIgnored") // Interrupting cannot fail.
    void outOfTime(Exchange exchange, EventExecutor timers) {
        Duration left = settings.function().timeout().minus(patience());
        if (left.isZero()) {
            exchange.reply(Refusals.internalServerError());
            exchange.interrupt();
        } else {
            exchange.reply(Refusals.endpointRequestTimedOut());
            timers.schedule(exchange::interrupt, left.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Interrupts every function that runs. */
    void interruptAll() {
        running.forEach(Exchange::interrupt);
    }
}
