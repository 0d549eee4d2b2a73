package dev.roundtrip.auth.sigv4;

import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import java.util.Optional;

/** The service that a request is signed for, as it says itself; nothing is verified. */
public final class SigningName {
    private static final String IN_HEADER = "Credential=";
    private static final String IN_QUERY = AmzName.CREDENTIAL + "=";
    private static final int SERVICE = 3;
    private static final int PARTS = 5;

    private SigningName() {}

    /** Reads the service's name from the credential scope in the header {@code Authorization}, or in the query.
     *
     * @param head the request, whose body does not matter
     * @return such as {@code iotdata}; empty when the request has no signature that can be read
     */
    public static Optional<String> of(SignedRequest head) {
        for (Header header : head.headers()) {
            if (header.name().equalsIgnoreCase("Authorization")) {
                return service(header.value(), IN_HEADER, "/", ',');
            }
        }
        Optional<String> encoded = service(head.query(), IN_QUERY, "%2F", '&');
        return encoded.isPresent() ? encoded : service(head.query(), IN_QUERY, "/", '&');
    }

    /** Whether a request has what may be a signature. */
    public static boolean isSigned(SignedRequest head) {
        return head.query().contains(AmzName.SIGNATURE + "=")
                || head.headers().stream().anyMatch(header -> header.name().equalsIgnoreCase("Authorization"));
    }

    private static Optional<String> service(String text, String name, String slash, char end) {
        int start = text.indexOf(name);
        if (start < 0) {
            return Optional.empty();
        }
        int from = start + name.length();
        int to = text.indexOf(end, from);
        String[] parts = (to < 0 ? text.substring(from) : text.substring(from, to))
                .strip()
                .split(slash.equals("/") ? "/" : "(?i)" + slash, PARTS + 1);
        return parts.length == PARTS && !parts[SERVICE].isEmpty() ? Optional.of(parts[SERVICE]) : Optional.empty();
    }
}
