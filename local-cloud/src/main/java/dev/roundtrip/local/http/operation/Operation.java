package dev.roundtrip.local.http.operation;

import dev.roundtrip.local.http.HttpReply;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One operation of a service: which requests it is, who may ask for it, and what answers. Immutable.
 *
 * @param name as in AWS's model, such as {@code GetConnection}
 * @param method the HTTP method, such as {@code GET}
 * @param uri the path
 * @param permission what a policy must allow; null when the operation is not served
 * @param handler answers; null when the operation is not served
 */
public record Operation(
        String name,
        String method,
        UriTemplate uri,
        @Nullable Permission permission,
        @Nullable Handler handler) {

    /** Answers an operation that policies allow. Called on a virtual thread, and may block it. */
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
     * @param resource the end of the ARN, with labels of the path: {@code client/{clientId}}; {@code *} when the action
     *     has none
     * @param context which query parameter, which must be there, is the value of which condition key
     */
    public record Permission(String action, String resource, Map<String, String> context) {
        /** One without conditions of its own. */
        public Permission(String action, String resource) {
            this(action, resource, Map.of());
        }
    }

    /** An operation that is served.
     *
     * @param route the method, a space and the path as in AWS's model: {@code GET /connections/{clientId}}
     */
    public static Operation of(String name, String route, Permission permission, Handler handler) {
        return new Operation(name, method(route), uri(route), permission, handler);
    }

    /** An operation that is served, and answered at once. */
    public static Operation answered(String name, String route, Permission permission, Answer answer) {
        return of(name, route, permission, request -> CompletableFuture.completedFuture(answer.of(request)));
    }

    /** An operation that AWS's model has and the local cloud does not serve. */
    public static Operation unserved(String name, String route) {
        return new Operation(name, method(route), uri(route), null, null);
    }

    private static String method(String route) {
        return route.substring(0, route.indexOf(' '));
    }

    private static UriTemplate uri(String route) {
        return UriTemplate.of(route.substring(route.indexOf(' ') + 1));
    }
}
