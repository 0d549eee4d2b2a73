package dev.roundtrip.local.http.operation;

import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One operation of a service: which requests it is, who may ask for it, and what answers. Immutable.
 *
 * @param name as in AWS's model, such as {@code GetConnection}
 * @param method the HTTP method, such as {@code GET}
 * @param uri the path
 * @param permissions what policies must allow, in the order in which they are asked; none when the operation is not
 *     served, or needs no policy
 * @param input what the request must have; empty when the handler looks itself
 * @param handler answers; null when the operation is not served
 */
public record Operation(
        String name,
        String method,
        UriTemplate uri,
        List<Permission> permissions,
        Input input,
        @Nullable Handler handler) {

    public Operation {
        permissions = List.copyOf(permissions);
    }

    /** Answers an operation that policies allow. Called on a virtual thread, and may block it for up to 30 s. */
    @FunctionalInterface
    public interface Handler {
        /** @throws Refusal when the operation is refused */
        CompletionStage<HttpReply> answer(OperationRequest request) throws Refusal;
    }

    /** Answers at once. */
    @FunctionalInterface
    public interface Answer {
        /** @throws Refusal when the operation is refused */
        HttpReply of(OperationRequest request) throws Refusal;
    }

    /** What a policy must allow before an operation is answered.
     *
     * @param action as policies write it, such as {@code iot:GetConnection}
     * @param resource the end of the ARN, with labels of the path: {@code client/{clientId}}, and with what a query
     *     parameter has behind a slash, where it is there: {@code thing/{thingName}{/query.name}}; a whole ARN that a
     *     header, a query parameter or a member of the body has: {@code {header.x-amzn-principal}},
     *     {@code {query.resourceArn}}, {@code {body.target}}; {@code *} when the action has none. Where the body may
     *     have {@code thingArn} in place of {@code thingName}, {@code {body.thingName}} is the name in the ARN;
     *     {@code {each.targets}} stands for each ARN of a list in the body, and {@code {given.jobArn}} for an ARN that
     *     the body may have: it is demanded only then
     * @param context which query parameter, which must be there, is the value of which condition key
     * @param flag the query parameter that must be {@code true} for this to be demanded; null when it always is
     */
    public record Permission(
            String action,
            String resource,
            Map<String, String> context,
            @Nullable String flag) {
        public Permission {
            context = Map.copyOf(context);
        }

        /** One that is always demanded, and has no condition keys of its own. */
        public Permission(String action, String resource) {
            this(action, resource, Map.of(), null);
        }

        /** The same with the value of a condition key. */
        public Permission with(String conditionKey, String queryParameter) {
            return new Permission(action, resource, Map.of(conditionKey, queryParameter), flag);
        }

        /** The same, demanded only where a query parameter is {@code true}. */
        public Permission where(String queryParameter) {
            return new Permission(action, resource, context, queryParameter);
        }
    }

    /** An operation that is served.
     *
     * @param route the method, a space and the path as in AWS's model: {@code GET /connections/{clientId}}
     */
    public static Operation of(String name, String route, Permission permission, Handler handler) {
        return new Operation(name, method(route), uri(route), List.of(permission), Input.NONE, handler);
    }

    /** An operation that is served, and answered at once. */
    public static Operation answered(String name, String route, Permission permission, Answer answer) {
        return of(name, route, permission, request -> CompletableFuture.completedFuture(answer.of(request)));
    }

    /** An operation that is served for everybody whose signature is right, whatever policies say. */
    public static Operation permitted(String name, String route, Answer answer) {
        Handler handler = request -> CompletableFuture.completedFuture(answer.of(request));
        return new Operation(name, method(route), uri(route), List.of(), Input.NONE, handler);
    }

    /** An operation that AWS's model has and the local cloud does not serve. */
    public static Operation unserved(String name, String route) {
        return new Operation(name, method(route), uri(route), List.of(), Input.NONE, null);
    }

    /** The same with a further permission. */
    public Operation demanding(Permission further) {
        List<Permission> all = new ArrayList<>(permissions);
        all.add(further);
        return new Operation(name, method, uri, all, input, handler);
    }

    /** The same, asked only with what the table says of its input. */
    public Operation taking(Member... members) {
        return new Operation(name, method, uri, permissions, new Input(List.of(members), input.invalid()), handler);
    }

    /** The same, whose model names a wrong request otherwise than {@code InvalidRequestException}. */
    public Operation refusingAs(ErrorType invalid) {
        return new Operation(name, method, uri, permissions, new Input(input.members(), invalid), handler);
    }

    /** The same, served otherwise; one that is not served stays so.
     *
     * @param change gives a handler in the place of the one before
     */
    public Operation handling(UnaryOperator<Handler> change) {
        return new Operation(name, method, uri, permissions, input, handler == null ? null : change.apply(handler));
    }

    /** Whether another operation has the same name, method and path. */
    boolean isAt(Operation other) {
        return name.equals(other.name)
                && method.equals(other.method)
                && uri.toString().equals(other.uri.toString());
    }

    private static String method(String route) {
        return route.substring(0, route.indexOf(' '));
    }

    private static UriTemplate uri(String route) {
        return UriTemplate.of(route.substring(route.indexOf(' ') + 1));
    }
}
