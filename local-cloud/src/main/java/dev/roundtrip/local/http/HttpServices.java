package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SigningName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The services behind a listener. A request goes to the service that it is signed for: some paths exist in two of
 * them. A request that is not signed may go to a service by its path. Immutable.
 */
public final class HttpServices {
    private final HttpService otherwise;
    private final Map<String, HttpService> bySigningName = new HashMap<>();
    private final List<HttpService> all;
    private final @Nullable Unsigned unsigned;

    /** A service that takes requests without a signature.
     *
     * @param below how the paths of its requests begin
     */
    private record Unsigned(String below, HttpService service) {}

    /** @param otherwise takes what is signed for none of them, or not at all
     * @param others the other services
     */
    public HttpServices(HttpService otherwise, HttpService... others) {
        this(Stream.concat(Stream.of(otherwise), Stream.of(others)).toList(), null);
    }

    private HttpServices(List<HttpService> all, @Nullable Unsigned unsigned) {
        this.otherwise = all.getFirst();
        this.all = all;
        this.unsigned = unsigned;
        for (HttpService service : all) {
            service.signingNames().forEach(name -> bySigningName.put(name, service));
        }
    }

    /** The same and one more service, which takes requests that are not signed.
     *
     * @param path how the paths of its requests begin, as sent
     */
    public HttpServices below(String path, HttpService service) {
        return new HttpServices(Stream.concat(all.stream(), Stream.of(service)).toList(), new Unsigned(path, service));
    }

    /** Who answers what cannot be read. */
    HttpService otherwise() {
        return otherwise;
    }

    /** Who serves a request, by its head. */
    HttpService of(SignedRequest head) {
        if (all.size() == 1) {
            return otherwise;
        }
        Optional<String> signedFor = SigningName.of(head);
        if (signedFor.isPresent()) {
            return bySigningName.getOrDefault(signedFor.get(), otherwise);
        }
        return unsigned != null && head.path().startsWith(unsigned.below()) ? unsigned.service() : otherwise;
    }

    /** What the largest request of any of them may have. */
    HttpLimits limits() {
        return all.stream().map(HttpService::limits).reduce(HttpLimits::max).orElseThrow();
    }

    void interruptAll() {
        all.forEach(HttpService::interruptAll);
    }
}
