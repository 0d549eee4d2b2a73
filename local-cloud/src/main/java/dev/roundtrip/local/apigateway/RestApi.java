package dev.roundtrip.local.apigateway;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import dev.roundtrip.auth.sigv4.IamIdentity;
import dev.roundtrip.auth.sigv4.SigV4Verifier;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.auth.sigv4.SigningName;
import dev.roundtrip.auth.sigv4.SigningService;
import dev.roundtrip.local.http.HttpExchange;
import dev.roundtrip.local.http.HttpLimits;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.HttpService;
import dev.roundtrip.local.http.Unserved;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A REST API of API Gateway: {@code GET} and {@code POST} of {@code /Prod/invoke} and
 * {@code /Prod/invoke/TARGET/METHOD} with IAM authorization, in front of one function.
 *
 * <p>Every call runs on a virtual thread of its own. Safe for use by many threads.
 */
public final class RestApi implements HttpService {
    private static final Logger LOG = System.getLogger(RestApi.class.getName());
    private static final Set<String> SIGNING_NAMES = Set.of(SigningService.EXECUTE_API.name());
    private static final HttpLimits LIMITS =
            new HttpLimits(ApiLimits.MAX_HEAD_BYTES, ApiLimits.MAX_HEAD_BYTES, ApiLimits.MAX_BODY_BYTES);

    /** Made ahead: whatever breaks later, this is there. */
    private final HttpReply failure = Refusals.failed();

    /** The calls that run, whichever connection they came from and even when it is gone. */
    private final Set<Exchange> running = ConcurrentHashMap.newKeySet();

    private final ApiSettings settings;
    private final Integration integration;
    private final ProxyEvent events;
    private final RequestLog log;

    /** An API that listens on a port.
     *
     * @param verifier must accept the service {@code execute-api}
     * @param handler called by many threads at once
     */
    public RestApi(
            ApiSettings settings,
            int port,
            SigV4Verifier verifier,
            ApiAuthorizer authorizer,
            RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> handler) {
        this.settings = settings;
        this.integration = new Integration(settings, verifier, authorizer, handler);
        this.events = new ProxyEvent(settings, port);
        this.log = new RequestLog(settings.log(), settings.refusals());
    }

    /** The URL to call.
     *
     * @param address where the API is listened for
     */
    public static URI endpoint(InetSocketAddress address) {
        InetAddress bound = address.getAddress();
        String host = bound.isAnyLocalAddress() ? "127.0.0.1" : bound.getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort() + "/"
                + ApiSettings.STAGE + ApiRoute.INVOKE.resource());
    }

    /** Whether a path is one of the API's stage; API Gateway answers what is signed for another service there. */
    public static boolean isOwn(String path) {
        return path.startsWith("/" + ApiSettings.STAGE + "/");
    }

    @Override
    public Set<String> signingNames() {
        return SIGNING_NAMES;
    }

    @Override
    public HttpLimits limits() {
        return LIMITS;
    }

    @Override
    public Head judge(SignedRequest head) {
        boolean known = ApiRoute.match(head.method(), head.path()).isPresent();
        return known && SigningName.isSigned(head) ? Head.TO_BE_VERIFIED : Head.NOT_ALLOWED;
    }

    @Override
    public void serve(HttpExchange http) {
        IncomingRequest incoming = incoming(http.request(), http.source());
        long deadline = System.nanoTime() + settings.function().timeout().toNanos();
        CallSteps steps = new CallSteps(settings.journal(), incoming.ids());
        steps.received(incoming.request());
        Exchange exchange = new Exchange(
                () -> answer(incoming, new Tracked(steps, http), deadline),
                answer -> {
                    steps.answered(answer);
                    http.answer(identified(answer, incoming.ids()));
                    log.answered(incoming, steps.caller(), answer);
                },
                running::remove,
                failure);
        running.add(exchange);
        http.after(patience(), () -> outOfTime(exchange, http));
        exchange.start();
    }

    private record Tracked(CallSteps steps, HttpExchange http) implements Integration.Progress {
        @Override
        public void signed(IamIdentity caller) {
            steps.signed(caller);
            http.verified();
        }

        @Override
        public void authorized() {
            steps.authorized();
        }
    }

    private static IncomingRequest incoming(SignedRequest request, InetAddress source) {
        return new IncomingRequest(request, source.getHostAddress(), RequestIds.fresh(Instant.now()));
    }

    private static HttpReply identified(HttpReply reply, RequestIds ids) {
        return reply.with(
                new Header("x-amzn-RequestId", ids.requestId()),
                new Header("x-amz-apigw-id", ids.extendedRequestId()),
                new Header("X-Amzn-Trace-Id", ids.traceId()));
    }

    @Override
    public HttpReply refuse(Unserved why, @Nullable SignedRequest head, InetAddress source) {
        HttpReply reply = switch (why) {
            case BAD_REQUEST -> Refusals.badRequest();
            case URI_TOO_LONG -> Refusals.uriTooLong();
            case HEADERS_TOO_LARGE -> Refusals.headersTooLarge();
            case NOT_ALLOWED -> Refusals.missingAuthenticationToken();
            case BODY_TOO_LONG -> Refusals.contentTooLong();
            case NO_ROOM -> Refusals.tooManyRequests();
            case TOO_SLOW -> Refusals.requestTimedOut();
            case FAILED -> failure;
        };
        if (head == null) {
            RequestIds ids = RequestIds.fresh(Instant.now());
            new CallSteps(settings.journal(), ids).answered(reply);
            log.refused(source.getHostAddress(), ids, reply);
            return identified(reply, ids);
        }
        IncomingRequest incoming = incoming(head, source);
        CallSteps steps = new CallSteps(settings.journal(), incoming.ids());
        steps.received(head);
        steps.answered(reply);
        log.answered(incoming, null, reply);
        return identified(reply, incoming.ids());
    }

    /** A failure of the function has its answer already; this one is ours. */
    private HttpReply answer(IncomingRequest request, Integration.Progress progress, long deadline) {
        try {
            return integration.serve(request, progress, events, deadline);
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

    /** How long a caller waits for the function: until API Gateway or the function's own timeout ends it. */
    private Duration patience() {
        Duration function = settings.function().timeout();
        Duration integrationTimeout = settings.limits().integrationTimeout();
        return function.compareTo(integrationTimeout) < 0 ? function : integrationTimeout;
    }

    /** Answers a call whose function took too long, and sees to it that the function ends at its own timeout. */
    private void outOfTime(Exchange exchange, HttpExchange http) {
        Duration left = settings.function().timeout().minus(patience());
        if (left.isZero()) {
            exchange.reply(Refusals.internalServerError());
            exchange.interrupt();
        } else {
            exchange.reply(Refusals.endpointRequestTimedOut());
            http.later(left, exchange::interrupt);
        }
    }

    /** Interrupts every function that runs. */
    @Override
    public void interruptAll() {
        running.forEach(Exchange::interrupt);
    }
}
