package dev.roundtrip.sigv4;

/** Says in one sentence what an answer other than 2xx means, and what to do next. */
final class Refusal {
    private Refusal() {}

    /** The sentence, without a full stop. */
    static String explain(Answer answer) {
        String type = answer.headers().firstValue("x-amzn-errortype").orElse("").split(":", 2)[0];
        String advice = switch (type) {
            case "" -> adviceOnStatus(answer);
            case "MissingAuthenticationTokenException" ->
                "the API has no such path or method; check stage, path and -X";
            case "InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignatureException" ->
                "check the secret key, --region, --service and this machine's clock";
            case "UnrecognizedClientException", "InvalidClientTokenId" ->
                "these credentials are not known there; -v shows which access key was used";
            case "ExpiredTokenException", "ExpiredToken" -> "the session is over; log in again";
            case "AccessDeniedException" ->
                "these credentials may not call this; their policy needs execute-api:Invoke on it";
            default -> "";
        };
        return "HTTP " + answer.status() + (type.isEmpty() ? "" : " " + type) + (advice.isEmpty() ? "" : ": " + advice);
    }

    private static String adviceOnStatus(Answer answer) {
        String retryAfter = answer.headers()
                .firstValue("retry-after")
                .map(when -> "try again after " + when + (when.chars().allMatch(Character::isDigit) ? " s" : ""))
                .orElse("");
        return switch (answer.status()) {
            case 301, 302, 303, 307, 308 ->
                "a signature counts for one address, so sign the new one: "
                        + answer.headers().firstValue("location").orElse("(it names none)");
            case 504 -> "the call may have had its effect; look before repeating it";
            default -> retryAfter;
        };
    }
}
