package dev.roundtrip.invoke.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent.RequestIdentity;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import dev.roundtrip.invoke.HttpReply;
import dev.roundtrip.invoke.HttpRequest;
import dev.roundtrip.invoke.Principal;
import dev.roundtrip.protocol.TraceParent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** API Gateway's events to our records and back. */
final class ProxyEvents {
    /** Source: draft-ietf-httpapi-idempotency-key-header-07. */
    private static final String KEY_HEADER = "Idempotency-Key";

    /** Source: W3C Trace Context, level 1. */
    private static final String TRACE_HEADER = "traceparent";

    private static final Pattern RESOURCE = Pattern.compile("/[a-zA-Z0-9/:._-]{0,255}");

    private ProxyEvents() {}

    static HttpRequest request(APIGatewayProxyRequestEvent event) {
        String method = event.getHttpMethod();
        HttpRequest.Path path = path(event);
        return new HttpRequest(method == null ? "" : method, path, query(event), body(event), context(event, path));
    }

    /** Names count only as they stand in the path itself: policies are compared with that, and a proxy on the way may
     * decode what it hands on.
     */
    private static HttpRequest.Path path(APIGatewayProxyRequestEvent event) {
        Map<String, @Nullable String> parameters = event.getPathParameters();
        if (parameters == null || parameters.isEmpty()) {
            return new HttpRequest.Path.Plain();
        }
        String target = parameters.get("target");
        String method = parameters.get("method");
        String path = event.getPath();
        if (target == null || method == null || path == null || !endsWith(path, target, method)) {
            return new HttpRequest.Path.Unreadable(
                    "must end in /TARGET/METHOD, each as it is: not percent-encoded, and without a trailing slash");
        }
        return new HttpRequest.Path.Naming(target, method);
    }

    /** Dots are no name here: to normalize the path, as signing does, is to take them away. */
    private static boolean endsWith(String path, String target, String method) {
        return path.endsWith("/" + target + "/" + method)
                && path.indexOf('%') < 0
                && !method.equals(".")
                && !method.equals("..");
    }

    private static Map<String, List<String>> query(APIGatewayProxyRequestEvent event) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        Map<String, @Nullable String> single = event.getQueryStringParameters();
        if (single != null) {
            single.forEach((name, value) -> query.put(name, List.of(value == null ? "" : value)));
        }
        Map<String, @Nullable List<@Nullable String>> multiple = event.getMultiValueQueryStringParameters();
        if (multiple != null) {
            multiple.forEach((name, values) -> {
                if (values != null && !values.isEmpty()) {
                    query.put(name, withoutNulls(values));
                }
            });
        }
        return query;
    }

    private static List<String> withoutNulls(List<@Nullable String> values) {
        List<String> all = new ArrayList<>(values.size());
        for (String value : values) {
            all.add(value == null ? "" : value);
        }
        return all;
    }

    private static HttpRequest.Context context(APIGatewayProxyRequestEvent event, HttpRequest.Path path) {
        APIGatewayProxyRequestEvent.ProxyRequestContext context = event.getRequestContext();
        String id = context == null ? null : context.getRequestId();
        String called = context == null ? null : context.getPath();
        return new HttpRequest.Context(
                id == null ? "" : id,
                resource(called == null ? event.getPath() : called, path),
                context == null ? null : principal(context.getIdentity()),
                header(KEY_HEADER, event),
                trace(event));
    }

    /** The path without the names, with the stage. A client wrote it, so what needs encoding is not handed back. */
    private static String resource(@Nullable String path, HttpRequest.Path read) {
        String names =
                read instanceof HttpRequest.Path.Naming naming ? "/" + naming.target() + "/" + naming.method() : "";
        String called = path == null || !path.endsWith("/") ? path : path.substring(0, path.length() - 1);
        return called != null && RESOURCE.matcher(called).matches() && called.endsWith(names)
                ? called.substring(0, called.length() - names.length())
                : HttpRequest.Context.NONE.resource();
    }

    /** Source: the REST API's event; {@code caller} of a role is its id, a colon and the name of the session. That of a
     * federated user is the account and the user's name, which belong together: else all of them would be one.
     */
    private static @Nullable Principal principal(@Nullable RequestIdentity identity) {
        if (identity == null) {
            return null;
        }
        String account = identity.getAccountId() == null ? "" : identity.getAccountId();
        String cognito = identity.getCognitoIdentityId();
        if (cognito != null && !cognito.isEmpty()) {
            return new Principal(account, cognito);
        }
        String caller = identity.getCaller();
        if (caller == null || caller.isEmpty() || caller.startsWith(":")) {
            return null;
        }
        int colon = caller.indexOf(':');
        String id = colon < 0 ? caller : caller.substring(0, colon);
        return new Principal(account, id.equals(account) ? caller : id);
    }

    /** A header that comes twice says nothing: no parser would know which of the two counts. */
    private static @Nullable TraceParent trace(APIGatewayProxyRequestEvent event) {
        List<String> values = header(TRACE_HEADER, event);
        return values.size() == 1 ? TraceParent.read(values.getFirst()) : null;
    }

    /** Every value of a header. A name that comes in two spellings is one header. */
    private static List<String> header(String header, APIGatewayProxyRequestEvent event) {
        List<String> all = new ArrayList<>(1);
        Map<String, @Nullable List<@Nullable String>> multiple = event.getMultiValueHeaders();
        Map<String, @Nullable String> single = event.getHeaders();
        if (multiple != null) {
            multiple.forEach((name, values) -> {
                if (name.equalsIgnoreCase(header) && values != null) {
                    all.addAll(withoutNulls(values));
                }
            });
        } else if (single != null) {
            single.forEach((name, value) -> {
                if (name.equalsIgnoreCase(header)) {
                    all.add(value == null ? "" : value);
                }
            });
        }
        return all;
    }

    private static HttpRequest.Body body(APIGatewayProxyRequestEvent event) {
        String body = event.getBody();
        if (body == null) {
            return new HttpRequest.Body.Text("");
        }
        if (!Boolean.TRUE.equals(event.getIsBase64Encoded())) {
            return new HttpRequest.Body.Text(body);
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(body);
            return new HttpRequest.Body.Text(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (IllegalArgumentException notBase64) {
            return new HttpRequest.Body.Unreadable("is said to be base64, and is not");
        } catch (CharacterCodingException notUtf8) {
            return new HttpRequest.Body.Unreadable("must be UTF-8");
        }
    }

    static APIGatewayProxyResponseEvent response(HttpReply reply) {
        return new APIGatewayProxyResponseEvent()
                .withStatusCode(reply.status())
                .withHeaders(reply.headers())
                .withBody(reply.body())
                .withIsBase64Encoded(false);
    }
}
