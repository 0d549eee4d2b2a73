package dev.roundtrip.local.apigateway;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import dev.roundtrip.auth.sigv4.IamIdentity;
import dev.roundtrip.auth.sigv4.SigV4Verifier;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.Verdict;
import dev.roundtrip.local.apigateway.ApiAuthorizer.Decision;
import dev.roundtrip.local.http.Denial;
import dev.roundtrip.local.http.HttpReply;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** What happens to one request between its last byte and its answer: route, signature, policy, event, function, answer.
 */
final class Integration {
    private static final Logger LOG = System.getLogger(Integration.class.getName());

    private final ApiSettings settings;
    private final SigV4Verifier verifier;
    private final ApiAuthorizer authorizer;
    private final RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> handler;

    Integration(
            ApiSettings settings,
            SigV4Verifier verifier,
            ApiAuthorizer authorizer,
            RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> handler) {
        this.settings = settings;
        this.verifier = verifier;
        this.authorizer = authorizer;
        this.handler = handler;
    }

    /** Is told how far a request has come. */
    interface Progress {
        /** The signature is right. */
        void signed(IamIdentity caller);

        /** The policies allow the call, and the function takes a body of this size. */
        void authorized();
    }

    /** Blocks as long as the function does.
     *
     * @param deadlineNanos when the function is out of time, on the scale of {@link System#nanoTime()}
     */
    HttpReply serve(IncomingRequest incoming, Progress progress, ProxyEvent events, long deadlineNanos) {
        SignedRequest request = incoming.request();
        ApiRoute.Match match = ApiRoute.match(request.method(), request.path()).orElse(null);
        if (match == null) {
            return Refusals.missingAuthenticationToken();
        }
        return switch (verifier.verify(request)) {
            case Verdict.Refused refused -> Refusals.of(refused);
            case Verdict.Accepted accepted -> {
                progress.signed(accepted.caller());
                yield authorize(incoming, match, accepted.caller()).orElseGet(() -> {
                    progress.authorized();
                    return invoke(events.build(incoming, match, accepted.caller()), incoming.ids(), deadlineNanos);
                });
            }
        };
    }

    /** What is wrong with a call whose signature is right; empty when nothing is. */
    private Optional<HttpReply> authorize(IncomingRequest incoming, ApiRoute.Match match, IamIdentity caller) {
        SignedRequest request = incoming.request();
        String resourceArn = settings.resourceArn(request.method(), match.arnPath());
        Decision decision = authorizer.authorize(caller, resourceArn, incoming.sourceIp());
        if (decision != Decision.ALLOWED) {
            String statement = authorizer.refusal(caller, resourceArn, incoming.sourceIp());
            return Optional.of(Refusals.accessDenied(caller, resourceArn, decision)
                    .because(new Denial("execute-api:Invoke", resourceArn, statement)));
        }
        if (request.body().length > ApiLimits.MAX_FUNCTION_PAYLOAD_BYTES) {
            return Optional.of(Refusals.requestTooLarge());
        }
        return Optional.empty();
    }

    private HttpReply invoke(APIGatewayProxyRequestEvent event, RequestIds ids, long deadlineNanos) {
        try {
            return ProxyAnswer.toReply(
                    handler.handleRequest(event, new FunctionContext(settings, ids.requestId(), deadlineNanos)));
        } catch (Exception | Error e) {
            // The message may quote the payload: where it happened must do.
            StackTraceElement[] trace = e.getStackTrace();
            LOG.log(
                    Level.ERROR,
                    "The function failed on request {0} with {1} at {2}",
                    ids.requestId(),
                    e.getClass().getName(),
                    trace.length > 0 ? trace[0] : "an unknown place");
            return Refusals.internalServerError();
        }
    }
}
