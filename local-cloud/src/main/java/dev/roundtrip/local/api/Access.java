package dev.roundtrip.local.api;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Who may use the local API: who can read the token, and no page of another site. Immutable.
 *
 * <p>A page of another site that reaches the port through a name of its own shows that name in {@code Host}.
 */
final class Access {
    private static final String SCHEME = "bearer ";

    private final byte[] token;
    private final Set<String> hosts;

    Access(String token, int port) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port);
    }

    /** @throws Refusal when the request may not be served */
    void check(SignedRequest head) throws Refusal {
        List<String> host = values(head, "host");
        if (host.size() != 1 || !hosts.contains(host.getFirst().toLowerCase(Locale.ROOT))) {
            throw new Refusal(
                    ApiError.FORBIDDEN,
                    "the header Host must be 127.0.0.1, localhost or [::1] with the port of the API");
        }
        String own = "http://" + host.getFirst();
        if (!values(head, "origin").stream().allMatch(own::equalsIgnoreCase)) {
            throw new Refusal(ApiError.FORBIDDEN, "a page of another site may not use the local API");
        }
        List<String> shown = values(head, "authorization");
        if (shown.size() != 1 || !isToken(shown.getFirst())) {
            throw new Refusal(
                    ApiError.UNAUTHORIZED,
                    "the header Authorization must be Bearer and the token that stands in the file token of the state"
                            + " directory");
        }
    }

    private boolean isToken(String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] shown = authorization.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(token, shown);
    }

    private static List<String> values(SignedRequest head, String name) {
        return head.headers().stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .toList();
    }
}
