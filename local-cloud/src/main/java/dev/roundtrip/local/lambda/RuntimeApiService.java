package dev.roundtrip.local.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.local.http.HttpExchange;
import dev.roundtrip.local.http.HttpLimits;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.HttpService;
import dev.roundtrip.local.http.Unserved;
import dev.roundtrip.protocol.Json;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Runtime API of one environment. Thread-safe. Source of paths, headers and statuses: AWS Lambda developer guide,
 * "Using the Lambda runtime API".
 */
final class RuntimeApiService implements HttpService {
    private static final String VERSION = "/2018-06-01/runtime/";
    private static final Pattern ENDED = Pattern.compile("invocation/([^/]+)/(response|error)");
    private static final Header JSON = new Header("Content-Type", "application/json");
    private static final int MAX_LINE = 8 * 1024;

    /** AWS's runtime client sends the cause of a failure as a header of up to 1 MB: {@code
     * Lambda-Runtime-Function-XRay-Error-Cause}. Source: aws-lambda-java-runtime-interface-client 2.9.0.
     */
    private static final int MAX_HEADERS = 1024 * 1024 + 64 * 1024;

    /** The line is our choice; the largest answer comes from AWS Lambda quotas, "Invocation payload". */
    private static final HttpLimits LIMITS = new HttpLimits(MAX_LINE, MAX_HEADERS, 6 * 1024 * 1024);

    private static final int ACCEPTED = 202;

    private final String prefix;
    private final RuntimeRequests requests;

    /** @param root the path that only the environment knows */
    RuntimeApiService(String root, RuntimeRequests requests) {
        this.prefix = root + VERSION;
        this.requests = requests;
    }

    @Override
    public Set<String> signingNames() {
        return Set.of();
    }

    @Override
    public HttpLimits limits() {
        return LIMITS;
    }

    @Override
    public Head judge(SignedRequest head) {
        return head.path().startsWith(prefix) ? Head.TRUSTED : Head.NOT_ALLOWED;
    }

    @Override
    public void serve(HttpExchange exchange) {
        SignedRequest request = exchange.request();
        if (!request.path().startsWith(prefix)) {
            exchange.answer(status(403, "Forbidden"));
            return;
        }
        exchange.verified();
        String path = request.path().substring(prefix.length());
        String body = new String(request.body(), StandardCharsets.UTF_8);
        switch (request.method() + " " + path) {
            case "GET invocation/next" -> requests.next(poll(exchange));
            case "GET restore/next" -> requests.restoreNext(poll(exchange));
            case "POST init/error", "POST restore/error" -> {
                requests.unusable(describe(body).toString());
                exchange.answer(status(ACCEPTED, "Accepted"));
            }
            default -> exchange.answer(ended(request.method(), path, body));
        }
    }

    private HttpReply ended(String method, String path, String body) {
        Matcher ended = ENDED.matcher(path);
        if (!ended.matches() || !method.equals("POST")) {
            return status(404, "Not Found");
        }
        boolean known = ended.group(2).equals("response")
                ? requests.answered(ended.group(1), body)
                : requests.failed(ended.group(1), describe(body));
        return known ? status(ACCEPTED, "Accepted") : status(400, "Bad Request");
    }

    private static Poll poll(HttpExchange exchange) {
        return invocation -> exchange.answer(
                invocation == null
                        ? new HttpReply(200, List.of(JSON), new byte[0])
                        : new HttpReply(
                                200,
                                List.of(
                                        JSON,
                                        new Header("Lambda-Runtime-Aws-Request-Id", invocation.id()),
                                        new Header(
                                                "Lambda-Runtime-Deadline-Ms",
                                                String.valueOf(invocation.deadlineMillis())),
                                        new Header("Lambda-Runtime-Invoked-Function-Arn", invocation.functionArn())),
                                invocation.event().getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public HttpReply refuse(Unserved why, @Nullable SignedRequest head, InetAddress source) {
        return switch (why) {
            case BAD_REQUEST -> status(400, "Bad Request");
            case URI_TOO_LONG -> status(414, "Request-URI Too Long");
            case HEADERS_TOO_LARGE -> status(431, "Request Header Fields Too Large");
            case NOT_ALLOWED -> status(403, "Forbidden");
            case BODY_TOO_LONG -> status(413, "Request Entity Too Large");
            case NO_ROOM -> status(503, "Service Unavailable");
            case TOO_SLOW -> status(408, "Request Timeout");
            case FAILED -> status(500, "Internal Server Error");
        };
    }

    private static HttpReply status(int status, String word) {
        return new HttpReply(
                status, List.of(JSON), ("{\"status\":\"" + word + "\"}").getBytes(StandardCharsets.US_ASCII));
    }

    private static RuntimeError describe(String error) {
        @Nullable JsonNode json = null;
        try {
            json = Json.mapper().readTree(error);
        } catch (JsonProcessingException unreadable) {
            // Told below.
        }
        return json == null
                ? new RuntimeError("an error", "it cannot be read")
                : new RuntimeError(
                        json.path("errorType").asText("an error"),
                        json.path("errorMessage").asText("without a message"));
    }
}
