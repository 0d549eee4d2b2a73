package dev.roundtrip.local.http.operation;

import dev.roundtrip.auth.sigv4.Verdict;
import dev.roundtrip.local.http.ErrorType;

/** How a service calls what is wrong with a signature. The text is the same everywhere. API Gateway alone adds the
 * canonical request to it.
 */
public enum SignatureErrors {
    /** Each fault has a name. Source: errors of {@code iot} that users of AWS's clients reported: ListThings with an
     * unknown key, GetIndexingConfiguration with a wrong signature.
     */
    NAMED {
        @Override
        Answer of(Verdict.Refused refused) {
            return new Answer(status(refused.reason()), refused.reason().errorType(), text(refused));
        }

        private static int status(Verdict.Reason reason) {
            return switch (reason) {
                case INCOMPLETE_SIGNATURE -> OpenFacts.INCOMPLETE_SIGNATURE_IN_JSON;
                case MISSING_TOKEN, INVALID_SIGNATURE, UNKNOWN_KEY -> ErrorType.FORBIDDEN.status();
            };
        }
    },

    /** All faults have the name of a denied permission, and the text tells them apart. So the data endpoint of AWS IoT
     * answers. Source: its errors that users of AWS's clients reported for each of the four faults.
     */
    FORBIDDEN {
        @Override
        Answer of(Verdict.Refused refused) {
            return new Answer(ErrorType.FORBIDDEN.status(), ErrorType.FORBIDDEN.word(), text(refused));
        }
    },

    /** The names of services with XML. Source: AWS's page of common errors of IAM. */
    XML {
        @Override
        Answer of(Verdict.Refused refused) {
            int status = ErrorType.FORBIDDEN.status();
            return switch (refused.reason()) {
                case MISSING_TOKEN -> new Answer(status, "MissingAuthenticationToken", OpenFacts.MISSING_TOKEN_IN_XML);
                case INCOMPLETE_SIGNATURE ->
                    new Answer(OpenFacts.INCOMPLETE_SIGNATURE_IN_XML, "IncompleteSignature", text(refused));
                case INVALID_SIGNATURE -> new Answer(status, "SignatureDoesNotMatch", text(refused));
                case UNKNOWN_KEY -> new Answer(status, "InvalidClientTokenId", text(refused));
            };
        }
    };

    /** What the sender of a request is told.
     *
     * @param code the error's name
     */
    record Answer(int status, String code, String message) {}

    /** As most services of a protocol answer. */
    static SignatureErrors of(Protocol protocol) {
        return switch (protocol) {
            case REST_JSON -> NAMED;
            case QUERY, REST_XML -> XML;
        };
    }

    /** The error for a fault. */
    abstract Answer of(Verdict.Refused refused);

    /** The text without the canonical request, which stands below an empty line. */
    private static String text(Verdict.Refused refused) {
        String message = refused.message();
        int end = message.indexOf("\n\n");
        return end < 0 ? message : message.substring(0, end);
    }
}
