package dev.roundtrip.invoke;

import dev.roundtrip.protocol.TraceParent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an HTTP client asked, authenticated and decoded by whoever stands before the function.
 *
 * @param method the HTTP method, upper case
 * @param path what the path says beyond the resource
 * @param query every value of every query parameter, percent-decoded; a name may have several values
 * @param body the body, UTF-8 as text; empty when there is none
 * @param context what the API adds
 */
public record HttpRequest(String method, Path path, Map<String, List<String>> query, Body body, Context context) {

    /** A request whose API adds nothing. */
    public HttpRequest(String method, Path path, Map<String, List<String>> query, Body body) {
        this(method, path, query, body, Context.NONE);
    }

    /** What the API and the headers say.
     *
     * @param requestId what the API calls the request in its own log and in its answer; empty when it does not say
     * @param resource the path at which calls are made, without target and method, as clients write it: {@code
     *     /Prod/invoke}
     * @param principal who the caller is; null when the API does not say
     * @param keys every value of the header {@code Idempotency-Key}
     * @param trace what the header {@code traceparent} says; null when it says nothing that counts
     */
    public record Context(
            String requestId,
            String resource,
            @Nullable Principal principal,
            List<String> keys,
            @Nullable TraceParent trace) {
        /** Nothing. */
        public static final Context NONE = new Context("", "/invoke", null, List.of());

        /** What the API and the headers say of a request that belongs to no trace. */
        public Context(String requestId, String resource, @Nullable Principal principal, List<String> keys) {
            this(requestId, resource, principal, keys, null);
        }
    }

    /** What a path may say. The caller's permission may hang on it, so it is taken literally or not at all. */
    public sealed interface Path {

        /** A path that names nothing: target and method are parameters. */
        record Plain() implements Path {}

        /** A path that names whom to call; the names are not yet checked. */
        record Naming(String target, String method) implements Path {}

        /** A path whose names could be read in two ways.
         *
         * @param problem what is wrong with it, to follow the words "the path"
         */
        record Unreadable(String problem) implements Path {}
    }

    /** A body, or why it could not be read. */
    public sealed interface Body {

        /** A body that is text.
         *
         * @param value may be empty
         */
        record Text(String value) implements Body {}

        /** A body that is no text.
         *
         * @param problem what is wrong with it, to follow the words "the body"
         */
        record Unreadable(String problem) implements Body {}
    }
}
