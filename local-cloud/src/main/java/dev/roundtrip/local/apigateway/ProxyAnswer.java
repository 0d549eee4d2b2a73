package dev.roundtrip.local.apigateway;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.local.http.HttpReply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Turns what the function returned into an HTTP answer, as a REST API does. */
final class ProxyAnswer {
    /** Headers that API Gateway sets itself: the function's go by another name. Source: API Gateway, important notes.
     */
    private static final Set<String> REMAPPED = Set.of(
            "connection", "content-length", "date", "server", "www-authenticate", "authorization", "content-md5");

    /** Headers that do not reach the caller. */
    private static final Set<String> DROPPED = Set.of("transfer-encoding", "te", "trailer", "upgrade", "keep-alive");

    private ProxyAnswer() {}

    /** @return the answer, or that of a malformed one */
    static HttpReply toReply(@Nullable APIGatewayProxyResponseEvent answer) {
        if (answer == null || answer.getStatusCode() == null) {
            return Refusals.internalServerError();
        }
        int status = answer.getStatusCode();
        List<Header> headers = new ArrayList<>();
        if (status < 200 || status > 599 || !collectHeaders(answer, headers)) {
            return Refusals.internalServerError();
        }
        String text = answer.getBody() == null ? "" : answer.getBody();
        byte[] body;
        try {
            body = Boolean.TRUE.equals(answer.getIsBase64Encoded())
                    ? Base64.getDecoder().decode(text)
                    : text.getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return Refusals.internalServerError();
        }
        if (body.length > ApiLimits.MAX_FUNCTION_PAYLOAD_BYTES) {
            return Refusals.internalServerError();
        }
        return new HttpReply(status, headers, body);
    }

    /** @return whether every header can be sent */
    private static boolean collectHeaders(APIGatewayProxyResponseEvent answer, List<Header> headers) {
        Set<String> multiple = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        boolean sound = true;
        if (answer.getMultiValueHeaders() != null) {
            for (Map.Entry<String, List<String>> header :
                    answer.getMultiValueHeaders().entrySet()) {
                multiple.add(header.getKey());
                if (header.getValue() != null) {
                    for (String value : header.getValue()) {
                        sound &= collect(header.getKey(), value, headers);
                    }
                }
            }
        }
        if (answer.getHeaders() != null) {
            for (Map.Entry<String, String> header : answer.getHeaders().entrySet()) {
                if (!multiple.contains(header.getKey())) {
                    sound &= collect(header.getKey(), header.getValue(), headers);
                }
            }
        }
        if (!hasContentType(headers)) {
            headers.add(new Header("Content-Type", "application/json"));
        }
        return sound;
    }

    private static boolean hasContentType(List<Header> headers) {
        for (Header header : headers) {
            if (header.name().equalsIgnoreCase("Content-Type")) {
                return true;
            }
        }
        return false;
    }

    private static boolean collect(String name, @Nullable String value, List<Header> headers) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (value != null && !DROPPED.contains(lower)) {
            headers.add(new Header(REMAPPED.contains(lower) ? "x-amzn-Remapped-" + name : name, value));
        }
        return isToken(name) && (value == null || isFieldValue(value));
    }

    private static boolean isToken(String name) {
        for (int i = 0; i < name.length(); i++) {
            char character = name.charAt(i);
            if (character <= ' ' || character > '~' || "()<>@,;:\\\"/[]?={}".indexOf(character) >= 0) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean isFieldValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            if (character != '\t' && (character < ' ' || character == 0x7f || character > 0xff)) {
                return false;
            }
        }
        return true;
    }
}
