package dev.roundtrip.local.apigateway;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.roundtrip.auth.sigv4.IamIdentity;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.auth.sigv4.Verdict;
import dev.roundtrip.local.apigateway.ApiAuthorizer.Decision;
import dev.roundtrip.local.http.HttpReply;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The answers that API Gateway gives by itself: status, body and error type as it has them. */
public final class Refusals {
    private static final Header JSON = new Header("Content-Type", "application/json");

    private Refusals() {}

    /** Also for a path or a method that the API does not have: it does not tell the two from a missing signature. */
    static HttpReply missingAuthenticationToken() {
        return refusal(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
    }

    static HttpReply of(Verdict.Refused refused) {
        return refusal(403, refused.reason().errorType(), refused.message());
    }

    /** The account in the resource is masked but for its last four digits, and the key is written with a capital. */
    static HttpReply accessDenied(IamIdentity caller, String resourceArn, Decision decision) {
        String why = switch (decision) {
            case NOT_ALLOWED -> " because no identity-based policy allows the execute-api:Invoke action";
            case DENIED -> " with an explicit deny";
            case ALLOWED -> throw new IllegalArgumentException("an allowed call is not refused");
        };
        String message = "User: " + caller.arn() + " is not authorized to perform: execute-api:Invoke on resource: "
                + maskAccount(resourceArn) + why;
        return json(403, "AccessDeniedException", "{\"Message\":\"" + escape(message) + "\"}");
    }

    public static HttpReply badRequest() {
        return refusal(400, "BadRequestException", "Bad Request");
    }

    public static HttpReply uriTooLong() {
        return refusal(414, "RequestUriTooLongException", "Request-URI Too Long");
    }

    public static HttpReply headersTooLarge() {
        return refusal(431, "RequestHeaderFieldsTooLargeException", "Request Header Fields Too Large");
    }

    static HttpReply requestTimedOut() {
        return refusal(408, "RequestTimeoutException", "Request Timeout");
    }

    /** For a body that not even API Gateway takes; its front answers this one, in plain text. */
    static HttpReply contentTooLong() {
        byte[] body = ("HTTP content length exceeded " + ApiLimits.MAX_BODY_BYTES + " bytes.")
                .getBytes(StandardCharsets.UTF_8);
        return new HttpReply(
                413,
                List.of(
                        new Header("Content-Type", "text; charset=utf-8"),
                        new Header("x-amzn-ErrorType", "RequestTooLargeException")),
                body);
    }

    /** For a body that API Gateway takes and the function does not: REQUEST_TOO_LARGE. */
    static HttpReply requestTooLarge() {
        return json(413, "BadRequestException", "{\"message\": \"Request Too Long\"}");
    }

    static HttpReply tooManyRequests() {
        return json(429, "TooManyRequestsException", "{\"message\":\"Too Many Requests\"}");
    }

    static HttpReply endpointRequestTimedOut() {
        return json(504, "InternalServerErrorException", "{\"message\": \"Endpoint request timed out\"}");
    }

    /** The function failed, or its answer is none. */
    static HttpReply internalServerError() {
        return json(502, "InternalServerErrorException", "{\"message\": \"Internal server error\"}");
    }

    /** API Gateway itself failed; so it also answers when AWS Lambda throttles. */
    static HttpReply failed() {
        return json(500, "InternalServerErrorException", "{\"message\": \"Internal server error\"}");
    }

    private static HttpReply refusal(int status, String errorType, String message) {
        return json(status, errorType, "{\"message\":\"" + escape(message) + "\"}");
    }

    private static HttpReply json(int status, String errorType, String body) {
        return new HttpReply(
                status,
                List.of(JSON, new Header("x-amzn-ErrorType", errorType)),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static String escape(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }

    private static String maskAccount(String arn) {
        String[] parts = arn.split(":", 6);
        parts[4] =
                "*".repeat(Math.max(0, parts[4].length() - 4)) + parts[4].substring(Math.max(0, parts[4].length() - 4));
        return String.join(":", parts);
    }
}
