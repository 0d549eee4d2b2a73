package dev.roundtrip.invoke;

import java.util.List;
import java.util.Map;

/** What an HTTP client asked, authenticated and decoded by whoever stands before the function.
 *
 * @param method the HTTP method, upper case
 * @param path what the path says beyond the resource
 * @param query every value of every query parameter, percent-decoded; a name may have several values
 * @param body the body, UTF-8 as text; empty when there is none
 * @param requestId what the API calls the request in its own log and in its answer; empty when it tells none
 */
public record HttpRequest(String method, Path path, Map<String, List<String>> query, Body body, String requestId) {

    /** One whose API tells no id. */
    public HttpRequest(String method, Path path, Map<String, List<String>> query, Body body) {
        this(method, path, query, body, "");
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
