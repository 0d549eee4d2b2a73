package dev.roundtrip.client;

import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Target;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the gateway is called: the address of {@code /invoke}, in the form that is signed and sent.
 *
 * @param uri http or https; a host in lower case; no port that goes without saying; no slash at its end
 */
record Endpoint(URI uri) {
    /** Signed as it is: AWS encodes a path a second time before it verifies. */
    private static final Pattern PATH = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+");

    private static final Pattern REGIONAL_HOST =
            Pattern.compile("[a-z0-9-]+\\.execute-api\\.([a-z0-9-]+)\\.amazonaws\\.com(\\.cn)?");

    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    /** @throws IllegalArgumentException when this is no such address; the message has none of it but scheme and host
     */
    static Endpoint of(URI given) {
        String scheme = given.getScheme() == null ? "" : given.getScheme().toLowerCase(Locale.ROOT);
        String host = given.getHost() == null ? "" : given.getHost().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("https") || scheme.equals("http")) || host.isEmpty()) {
            throw new IllegalArgumentException("an endpoint is an http or https address with a host");
        }
        if (given.getRawUserInfo() != null || given.getRawQuery() != null || given.getRawFragment() != null) {
            throw new IllegalArgumentException("the endpoint at " + host + " must have no user, query or fragment");
        }
        String path = given.getRawPath().replaceFirst("/+$", "");
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException("the endpoint at " + host
                    + " must have a path of letters, digits and -._~/ that ends with /invoke, such as /Prod/invoke");
        }
        int port = given.getPort();
        boolean impliedPort = port == -1 || port == (scheme.equals("https") ? HTTPS : HTTP);
        return new Endpoint(URI.create(scheme + "://" + host + (impliedPort ? "" : ":" + port) + path));
    }

    /** Where a method of a device is called. Their characters need no encoding in a path. */
    URI of(Target target, Method method) {
        return URI.create(uri + "/" + target + "/" + method);
    }

    /** The region that the host of a deployed API names. */
    Optional<String> region() {
        Matcher host = REGIONAL_HOST.matcher(uri.getHost());
        return host.matches() ? Optional.of(host.group(1)) : Optional.empty();
    }

    /** The address that the gateway names, if it is at this endpoint's host: another would get a signed request. */
    Optional<URI> resolve(String location) {
        try {
            URI resolved = uri.resolve(URI.create(location)).normalize();
            boolean here = uri.getScheme().equals(resolved.getScheme())
                    && uri.getRawAuthority().equals(resolved.getRawAuthority());
            return here ? Optional.of(resolved) : Optional.empty();
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }
}
