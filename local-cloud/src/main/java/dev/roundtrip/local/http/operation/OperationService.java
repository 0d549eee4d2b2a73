package dev.roundtrip.local.http.operation;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SigningName;
import dev.roundtrip.auth.sigv4.Verdict;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpExchange;
import dev.roundtrip.local.http.HttpLimits;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.HttpService;
import dev.roundtrip.local.http.RefusedRequests;
import dev.roundtrip.local.http.RefusedRequests.Refused;
import dev.roundtrip.local.http.Unserved;
import dev.roundtrip.local.http.operation.RequestAuthentication.Signer;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.mqtt.Defects;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Serves the operations of a table: signature, route, policy, handler, answer. Thread-safe. */
public final class OperationService implements HttpService {
    /** How long an operation may take; our choice, twice the longest wait of SendDirectMessage. */
    private static final Duration MAX_TIME = Duration.ofSeconds(30);

    private static final System.Logger LOG = System.getLogger(OperationService.class.getName());

    private final OperationTable table;
    private final OperationTable.Index index;
    private final RequestAuthentication authentication;
    private final RefusedRequests log;
    private final String signingName;
    private final BooleanSupplier available;
    private final Set<Asked> running = ConcurrentHashMap.newKeySet();

    /** A service.
     *
     * @param signingName what the log calls the service
     * @param available whether what the operations need is there: without it all of them answer 503
     */
    public OperationService(
            OperationTable table,
            String signingName,
            RequestAuthentication authentication,
            BooleanSupplier available,
            RefusedRequests log) {
        this.table = table;
        this.index = new OperationTable.Index(table);
        this.signingName = signingName;
        this.authentication = authentication;
        this.available = available;
        this.log = log;
    }

    @Override
    public Set<String> signingNames() {
        return table.signingNames();
    }

    @Override
    public HttpLimits limits() {
        return table.limits();
    }

    @Override
    public Head judge(SignedRequest head) {
        return SigningName.isSigned(head) ? Head.TO_BE_VERIFIED : Head.NOT_ALLOWED;
    }

    @Override
    public boolean takesCertificates() {
        return authentication.takesCertificates();
    }

    @Override
    public void serve(HttpExchange exchange) {
        Asked asked = new Asked(exchange);
        running.add(asked);
        exchange.after(MAX_TIME, asked::outOfTime);
        asked.thread.start();
    }

    @Override
    public void interruptAll() {
        running.forEach(Asked::interrupt);
    }

    @Override
    public HttpReply refuse(Unserved why, @Nullable SignedRequest head, InetAddress source) {
        return switch (why) {
            case BAD_REQUEST -> refused(ErrorType.INVALID_REQUEST, "Bad Request", head, source);
            case URI_TOO_LONG ->
                refused(
                        ErrorType.INVALID_REQUEST,
                        "the request line may have at most " + limits().line() + " bytes",
                        head,
                        source);
            case HEADERS_TOO_LARGE ->
                refused(
                        ErrorType.INVALID_REQUEST,
                        "the headers may have at most " + limits().headers() + " bytes",
                        head,
                        source);
            case NOT_ALLOWED -> unsigned(head, source);
            case BODY_TOO_LONG ->
                refused(
                        ErrorType.REQUEST_ENTITY_TOO_LARGE,
                        "the body may have at most " + limits().body() + " bytes",
                        head,
                        source);
            case NO_ROOM ->
                refused(
                        ErrorType.SERVICE_UNAVAILABLE,
                        "too many bodies are coming in at this moment; try again",
                        head,
                        source);
            case TOO_SLOW -> refused(ErrorType.REQUEST_TIMEOUT, "the request did not end in time", head, source);
            case FAILED -> refused(ErrorType.INTERNAL_FAILURE, "Internal Server Error", head, source);
        };
    }

    private HttpReply refused(ErrorType type, String message, @Nullable SignedRequest head, InetAddress source) {
        String id = UUID.randomUUID().toString();
        log.refused(source, head, type.status(), new Refused(signingName, id, type.word(), null, null));
        return table.protocol().refused(type, message, id);
    }

    private HttpReply unsigned(@Nullable SignedRequest head, InetAddress source) {
        String id = UUID.randomUUID().toString();
        Verdict.Refused why = Verdict.Refused.missingToken();
        SignatureErrors.Answer error = table.signatureErrors().of(why);
        log.refused(
                source,
                head,
                error.status(),
                new Refused(signingName, id, why.reason().errorType(), null, null));
        return table.protocol().refused(error, id);
    }

    /** One request that came in whole. */
    private final class Asked {
        private final String id = UUID.randomUUID().toString();
        private final HttpExchange exchange;
        private final Thread thread = Thread.ofVirtual().name("operation").unstarted(this::serve);
        private volatile @Nullable Signer signer;

        Asked(HttpExchange exchange) {
            this.exchange = exchange;
        }

        private void serve() {
            try {
                var unused = answer().whenComplete((reply, failure) -> {
                    if (failure == null) {
                        reply(reply);
                    } else {
                        fail(failure);
                    }
                });
            } catch (Refusal refusal) {
                refuse(refusal);
            } catch (RuntimeException | Error failure) {
                fail(failure);
            }
        }

        void outOfTime() {
            refuse(new Refusal(
                    ErrorType.GATEWAY_TIMEOUT, "the operation took longer than " + MAX_TIME.toSeconds() + " s"));
            thread.interrupt();
        }

        void interrupt() {
            refuse(new Refusal(
                    ErrorType.SERVICE_UNAVAILABLE, "the local cloud stops; the operation may have been carried out"));
            thread.interrupt();
        }

        private CompletionStage<HttpReply> answer() throws Refusal {
            Signer asking;
            switch (authenticate()) {
                case RequestAuthentication.Known known -> asking = known.signer();
                case RequestAuthentication.Unknown unknown -> {
                    refuse(unknown.why());
                    return new CompletableFuture<>();
                }
                case RequestAuthentication.UnknownCertificate unknown ->
                    throw new Refusal(ErrorType.FORBIDDEN, "Forbidden");
            }
            signer = asking;
            exchange.verified();
            if (!available.getAsBoolean()) {
                throw new Refusal(ErrorType.SERVICE_UNAVAILABLE, "the broker is starting again; try again");
            }
            if (table.protocol() == Protocol.QUERY) {
                return operate(named(OperationRequest.form(exchange.request())), asking);
            }
            return switch (index.find(
                    exchange.request().method(), exchange.request().path())) {
                case OperationTable.Match match -> operate(match, asking);
                case OperationTable.WrongMethod wrong ->
                    throw new Refusal(
                            ErrorType.METHOD_NOT_ALLOWED,
                            "this path does not take " + exchange.request().method());
                case OperationTable.Nothing nothing ->
                    throw new Refusal(ErrorType.UNKNOWN_OPERATION, table.title() + " has no operation at this path");
            };
        }

        /** A signature counts before a certificate: whoever signs means to be the signer. */
        private RequestAuthentication.Outcome authenticate() {
            X509Certificate certificate = exchange.clientCertificate();
            return certificate == null
                            || !authentication.takesCertificates()
                            || SigningName.isSigned(exchange.request())
                    ? authentication.authenticate(exchange.request(), exchange.source())
                    : authentication.authenticate(certificate, exchange.source());
        }

        private OperationTable.Match named(QueryValues form) throws Refusal {
            String name = form.text("Action");
            if (name == null) {
                throw new Refusal(ErrorType.MISSING_ACTION, "the parameter Action is missing");
            }
            String version = form.text("Version");
            Operation named = index.named(name).orElse(null);
            if (named == null || !table.version().equals(version)) {
                throw new Refusal(
                        ErrorType.INVALID_ACTION,
                        "Could not find operation " + name + " for version "
                                + (version == null ? "NO_VERSION_SPECIFIED" : version));
            }
            return new OperationTable.Match(named, Map.of());
        }

        private CompletionStage<HttpReply> operate(OperationTable.Match match, Signer asking) throws Refusal {
            Operation operation = match.operation();
            Operation.Handler handler = operation.handler();
            if (handler == null) {
                throw new Refusal(
                        ErrorType.NOT_IMPLEMENTED,
                        "the local cloud does not serve " + operation.name()
                                + "; docs/services.md lists the operations that it serves");
            }
            OperationRequest request = new OperationRequest(id, exchange.request(), match.labels(), asking);
            try {
                for (Operation.Permission permission : operation.permissions()) {
                    request.demand(permission);
                }
                operation.input().check(request);
                return handler.answer(request);
            } catch (Refusal refusal) {
                throw operation.input().named(refusal);
            }
        }

        /** The first answer counts; whoever comes later is not heard, and not logged. */
        private void reply(HttpReply reply) {
            if (running.remove(this)) {
                exchange.answer(table.protocol().identified(reply, id));
            }
        }

        /** The log has one name for each fault, whatever the service calls it. */
        private void refuse(Verdict.Refused why) {
            SignatureErrors.Answer error = table.signatureErrors().of(why);
            refuse(
                    table.protocol().refused(error, id),
                    new Refused(signingName, id, why.reason().errorType(), null, null));
        }

        /** A handler that answers later refuses by completing exceptionally. */
        private void fail(Throwable failure) {
            Throwable cause = failure instanceof CompletionException later && later.getCause() != null
                    ? later.getCause()
                    : failure;
            switch (cause) {
                case Refusal refusal -> refuse(refusal);
                case StoreException unusable -> {
                    LOG.log(Level.ERROR, "A request was not answered: {0}", String.valueOf(unusable.getMessage()));
                    refuse(new Refusal(
                            ErrorType.SERVICE_UNAVAILABLE,
                            "the local cloud cannot read or write its tables; its log says why"));
                }
                default -> {
                    Defects.log("A request was not answered", failure);
                    refuse(new Refusal(ErrorType.INTERNAL_FAILURE, "Internal Server Error"));
                }
            }
        }

        private void refuse(Refusal refusal) {
            Signer asking = signer;
            ErrorType type = refusal.type();
            refuse(
                    table.protocol().refused(type, String.valueOf(refusal.getMessage()), id, refusal.members()),
                    new Refused(signingName, id, type.word(), asking == null ? null : asking.arn(), refusal.denial()));
        }

        private void refuse(HttpReply reply, Refused refused) {
            if (running.remove(this)) {
                exchange.answer(reply);
                log.refused(exchange.source(), exchange.request(), reply.status(), refused);
            }
        }
    }
}
