package dev.roundtrip.local.http.operation;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.QueryXml;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.RestXml;
import java.util.Locale;
import java.util.Map;

/** How a service of AWS is spoken with: what names an operation, and how errors look. */
public enum Protocol {
    /** Method and path name the operation; JSON. */
    REST_JSON,
    /** The parameter {@code Action} of a form names the operation; XML. */
    QUERY,
    /** Method and path name the operation; XML. */
    REST_XML;

    private static final String EXCEPTION = "Exception";

    /** The protocol that a request speaks whose service is not known.
     *
     * @param signingName the service that it is signed for
     */
    public static Protocol of(SignedRequest head, String signingName) {
        if (signingName.equals("s3")) {
            return REST_XML;
        }
        return isForm(head) || head.query().startsWith("Action=") ? QUERY : REST_JSON;
    }

    /** Whether the body is a form. */
    static boolean isForm(SignedRequest request) {
        return request.headers().stream()
                .anyMatch(header -> header.name().equalsIgnoreCase("Content-Type")
                        && header.value().toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded"));
    }

    /** A refusal.
     *
     * @param message for the sender
     */
    public HttpReply refused(ErrorType type, String message, String requestId) {
        return refused(type, message, requestId, Map.of());
    }

    /** A refusal whose error type has further members in AWS's model.
     *
     * @param members by name; JSON has them, XML leaves them out
     */
    HttpReply refused(ErrorType type, String message, String requestId, Map<String, String> members) {
        return switch (this) {
            case REST_JSON -> RestJson.refused(type, message, requestId, members);
            case QUERY -> QueryXml.refused(type.status(), code(type.word()), message, requestId);
            case REST_XML -> RestXml.refused(type.status(), code(type.word()), message, requestId);
        };
    }

    /** The refusal of a request whose signature is not right. */
    HttpReply refused(SignatureErrors.Answer error, String requestId) {
        return switch (this) {
            case REST_JSON -> RestJson.refused(error.status(), error.code(), error.message(), requestId);
            case QUERY -> QueryXml.refused(error.status(), error.code(), error.message(), requestId);
            case REST_XML -> RestXml.refused(error.status(), error.code(), error.message(), requestId);
        };
    }

    private static String code(String word) {
        return word.endsWith(EXCEPTION) ? word.substring(0, word.length() - EXCEPTION.length()) : word;
    }

    /** The same answer with the request's id. */
    HttpReply identified(HttpReply reply, String requestId) {
        return RestJson.identified(reply, requestId);
    }
}
