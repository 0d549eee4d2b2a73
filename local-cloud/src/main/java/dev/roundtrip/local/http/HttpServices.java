package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SigningName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
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
    private final @Nullable Unclaimed unclaimed;

    /** A service that takes requests without a signature.
     *
     * @param paths of its requests
     */
    private record Unsigned(Predicate<String> paths, HttpService service) {}

    /** A service that takes what is signed for a name that no service has.
     *
     * @param heads which of these requests it takes
     */
    private record Unclaimed(Predicate<SignedRequest> heads, HttpService service) {}

    /** @param otherwise takes what is signed for none of them, or not at all
     * @param others the other services
     */
    public HttpServices(HttpService otherwise, HttpService... others) {
        this(Stream.concat(Stream.of(otherwise), Stream.of(others)).toList(), null, null);
    }

    private HttpServices(List<HttpService> all, @Nullable Unsigned unsigned, @Nullable Unclaimed unclaimed) {
        this.otherwise = all.getFirst();
        this.all = all;
        this.unsigned = unsigned;
        this.unclaimed = unclaimed;
        for (HttpService service : all) {
            service.signingNames().forEach(name -> bySigningName.put(name, service));
        }
    }

    /** The same and one more service, which takes requests that are not signed.
     *
     * @param path how the paths of its requests begin, as sent
     */
    public HttpServices below(String path, HttpService service) {
        return unsigned(sent -> sent.startsWith(path), service);
    }

    /** The same and one more service, which also takes requests that are not signed.
     *
     * @param paths of these requests, as sent
     */
    public HttpServices unsigned(Predicate<String> paths, HttpService service) {
        return new HttpServices(with(service), new Unsigned(paths, service), unclaimed);
    }

    /** The same and one more service, which takes what is signed for a name that no service has.
     *
     * @param heads which of these requests it takes; the others stay where they went
     */
    public HttpServices unclaimed(Predicate<SignedRequest> heads, HttpService service) {
        return new HttpServices(with(service), unsigned, new Unclaimed(heads, service));
    }

    private List<HttpService> with(HttpService service) {
        return Stream.concat(all.stream(), Stream.of(service)).toList();
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
            HttpService claiming = bySigningName.get(signedFor.get());
            if (claiming != null) {
                return claiming;
            }
            return unclaimed != null && unclaimed.heads().test(head) ? unclaimed.service() : otherwise;
        }
        return unsigned != null && unsigned.paths().test(head.path()) ? unsigned.service() : otherwise;
    }

    /** What the largest request of any of them may have. */
    HttpLimits limits() {
        return all.stream().map(HttpService::limits).reduce(HttpLimits::max).orElseThrow();
    }

    void interruptAll() {
        all.forEach(HttpService::interruptAll);
    }
}
