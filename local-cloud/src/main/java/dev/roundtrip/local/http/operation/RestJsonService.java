package dev.roundtrip.local.http.operation;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SigningName;
import dev.roundtrip.local.http.Denial;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpExchange;
import dev.roundtrip.local.http.HttpLimits;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.HttpService;
import dev.roundtrip.local.http.RefusedRequests;
import dev.roundtrip.local.http.RefusedRequests.Refused;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.Unserved;
import dev.roundtrip.local.http.operation.RequestAuthentication.Signer;
import dev.roundtrip.mqtt.Defects;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Serves the operations of a table: signature, route, policy, handler, answer. Thread-safe. */
public final class RestJsonService implements HttpService {
    private final OperationTable table;
    private final OperationTable.Index index;
    private final RequestAuthentication authentication;
    private final RefusedRequests log;
    private final String signingName;

    /** @param signingName what the log calls the service */
    public RestJsonService(
            OperationTable table, String signingName, RequestAuthentication authentication, RefusedRequests log) {
        this.table = table;
        this.index = new OperationTable.Index(table);
        this.signingName = signingName;
        this.authentication = authentication;
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
    public void serve(HttpExchange exchange) {
        Thread.ofVirtual().name("operation").start(() -> new Asked(exchange).serve());
    }

    @Override
    public HttpReply refuse(Unserved why, @Nullable SignedRequest head, InetAddress source) {
        ErrorType type = switch (why) {
            case BAD_REQUEST, URI_TOO_LONG, HEADERS_TOO_LARGE -> ErrorType.INVALID_REQUEST;
            case NOT_ALLOWED -> ErrorType.FORBIDDEN;
            case BODY_TOO_LONG -> ErrorType.REQUEST_ENTITY_TOO_LARGE;
            case NO_ROOM -> ErrorType.SERVICE_UNAVAILABLE;
            case TOO_SLOW -> ErrorType.REQUEST_TIMEOUT;
            case FAILED -> ErrorType.INTERNAL_FAILURE;
        };
        String id = UUID.randomUUID().toString();
        log.refused(source, head, type.status(), new Refused(signingName, id, type.word(), null, null));
        return RestJson.refused(type, message(why), id);
    }

    private String message(Unserved why) {
        return switch (why) {
            case BAD_REQUEST -> "Bad Request";
            case URI_TOO_LONG ->
                "the request line may have at most " + table.limits().line() + " bytes";
            case HEADERS_TOO_LARGE ->
                "the headers may have at most " + table.limits().headers() + " bytes";
            case NOT_ALLOWED -> "Forbidden";
            case BODY_TOO_LONG -> "the body may have at most " + table.limits().body() + " bytes";
            case NO_ROOM -> "too many bodies are coming in at this moment; try again";
            case TOO_SLOW -> "the request did not end in time";
            case FAILED -> "Internal Server Error";
        };
    }

    /** One request that came in whole. */
    private final class Asked {
        private final String id = UUID.randomUUID().toString();
        private final HttpExchange exchange;
        private @Nullable Signer signer;

        Asked(HttpExchange exchange) {
            this.exchange = exchange;
        }

        void serve() {
            try {
                var unused = answer().whenComplete((reply, failure) -> {
                    if (failure == null) {
                        reply(reply);
                    } else {
                        fail(failure);
                    }
                });
            } catch (Refusal refusal) {
                refuse(refusal.type(), String.valueOf(refusal.getMessage()), refusal.denial());
            } catch (RuntimeException | Error failure) {
                fail(failure);
            }
        }

        private CompletionStage<HttpReply> answer() throws Refusal {
            Optional<Signer> known = authentication.authenticate(exchange.request(), exchange.source());
            if (known.isEmpty()) {
                throw new Refusal(ErrorType.FORBIDDEN, "Forbidden");
            }
            signer = known.get();
            exchange.verified();
            return switch (index.find(
                    exchange.request().method(), exchange.request().path())) {
                case OperationTable.Match match -> operate(match, known.get());
                case OperationTable.WrongMethod wrong ->
                    throw new Refusal(
                            ErrorType.METHOD_NOT_ALLOWED,
                            "this path does not take " + exchange.request().method());
                case OperationTable.Nothing nothing ->
                    throw new Refusal(ErrorType.UNKNOWN_OPERATION, table.title() + " has no operation at this path");
            };
        }

        private CompletionStage<HttpReply> operate(OperationTable.Match match, Signer asking) throws Refusal {
            Operation operation = match.operation();
            Operation.Permission permission = operation.permission();
            Operation.Handler handler = operation.handler();
            if (permission == null || handler == null) {
                throw new Refusal(
                        ErrorType.NOT_IMPLEMENTED,
                        "the local cloud does not serve " + operation.name()
                                + "; docs/services.md lists the operations that it serves");
            }
            OperationRequest request = new OperationRequest(id, exchange.request(), match.labels(), asking);
            request.demand(permission);
            return handler.answer(request);
        }

        private void reply(HttpReply reply) {
            exchange.answer(RestJson.identified(reply, id));
        }

        /** A handler that answers later refuses by completing exceptionally. */
        private void fail(Throwable failure) {
            Throwable cause = failure.getCause() instanceof Refusal refusal ? refusal : failure;
            if (cause instanceof Refusal refusal) {
                refuse(refusal.type(), String.valueOf(refusal.getMessage()), refusal.denial());
            } else {
                Defects.log("A request was not answered", failure);
                refuse(ErrorType.INTERNAL_FAILURE, "Internal Server Error", null);
            }
        }

        private void refuse(ErrorType type, String message, @Nullable Denial denial) {
            @Nullable String arn = signer == null ? null : signer.arn();
            exchange.answer(RestJson.refused(type, message, id));
            Refused refused = new Refused(signingName, id, type.word(), arn, denial);
            log.refused(exchange.source(), exchange.request(), type.status(), refused);
        }
    }
}
