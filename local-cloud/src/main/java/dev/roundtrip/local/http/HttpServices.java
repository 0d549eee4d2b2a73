package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SigningName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The services behind a listener. A request goes to the service that it is signed for: some paths exist in two of
 * them. Immutable.
 */
public final class HttpServices {
    private final HttpService otherwise;
    private final Map<String, HttpService> bySigningName = new HashMap<>();
    private final List<HttpService> all;

    /** @param otherwise takes what is signed for none of them, or not at all
     * @param others the other services
     */
    public HttpServices(HttpService otherwise, HttpService... others) {
        this.otherwise = otherwise;
        this.all = Stream.concat(Stream.of(otherwise), Stream.of(others)).toList();
        for (HttpService service : all) {
            service.signingNames().forEach(name -> bySigningName.put(name, service));
        }
    }

    /** Who answers what cannot be read. */
    HttpService otherwise() {
        return otherwise;
    }

    /** Who serves a request, by its head. */
    HttpService of(SignedRequest head) {
        return all.size() == 1
                ? otherwise
                : SigningName.of(head).map(bySigningName::get).orElse(otherwise);
    }

    /** What the largest request of any of them may have. */
    HttpLimits limits() {
        return all.stream().map(HttpService::limits).reduce(HttpLimits::max).orElseThrow();
    }

    void interruptAll() {
        all.forEach(HttpService::interruptAll);
    }
}
