package dev.roundtrip.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roundtrip.protocol.Json;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/** What a client needs to call a deployment. Immutable; each {@code with} makes another one. */
public final class ClientSettings {
    /** The longest {@code timeout} that a deployment takes where its settings are the usual ones; source: the contract,
     * {@code MAX_TIMEOUT_SECONDS}. API Gateway gives up after 29 s.
     */
    public static final Duration MAX_TIMEOUT = Duration.ofSeconds(28);

    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,64}");

    private final Endpoint endpoint;
    private final String region;
    private final IdentityProvider<? extends AwsCredentialsIdentity> credentials;
    private final SSLContext trust;
    private final ObjectMapper mapper;
    private final Duration maxTimeout;

    private ClientSettings(
            Endpoint endpoint,
            String region,
            IdentityProvider<? extends AwsCredentialsIdentity> credentials,
            SSLContext trust,
            ObjectMapper mapper,
            Duration maxTimeout) {
        this.endpoint = endpoint;
        this.region = region;
        this.credentials = credentials;
        this.trust = trust;
        this.mapper = mapper;
        this.maxTimeout = maxTimeout;
    }

    /** The usual settings: the region that the endpoint's host names, else {@code AWS_REGION}; credentials of
     * {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY} and {@code AWS_SESSION_TOKEN}; the certificate
     * authorities of the Java runtime; a mapper that refuses members that a type does not have.
     *
     * @param endpoint the address of {@code /invoke}, such as
     *     {@code https://ID.execute-api.eu-central-1.amazonaws.com/Prod/invoke}
     * @throws IllegalArgumentException when this is no such address
     */
    public static ClientSettings at(URI endpoint) {
        return at(endpoint, System.getenv());
    }

    static ClientSettings at(URI endpoint, Map<String, String> environment) {
        Endpoint checked = Endpoint.of(endpoint);
        String region = checked.region().orElse(environment.getOrDefault("AWS_REGION", ""));
        return new ClientSettings(
                checked, region, new EnvironmentCredentials(environment), systemTrust(), Json.mapper(), MAX_TIMEOUT);
    }

    private static SSLContext systemTrust() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }

    /** Other credentials, which do not change. */
    public ClientSettings withCredentials(AwsCredentialsIdentity identity) {
        return withCredentials(new FixedCredentials(identity));
    }

    /** Credentials that are asked for before each try, such as the AWS SDK's {@code DefaultCredentialsProvider}. */
    public ClientSettings withCredentials(IdentityProvider<? extends AwsCredentialsIdentity> provider) {
        return new ClientSettings(endpoint, region, provider, trust, mapper, maxTimeout);
    }

    /** Another region.
     *
     * @throws IllegalArgumentException when this is no region
     */
    public ClientSettings withRegion(String name) {
        requireRegion(name);
        return new ClientSettings(endpoint, name, credentials, trust, mapper, maxTimeout);
    }

    /** Other certificate authorities. */
    public ClientSettings withTrust(SSLContext context) {
        return new ClientSettings(endpoint, region, credentials, context, mapper, maxTimeout);
    }

    /** Another mapper for requests and responses. Nobody may change it afterwards. */
    public ClientSettings withMapper(ObjectMapper other) {
        return new ClientSettings(endpoint, region, credentials, trust, other, maxTimeout);
    }

    /** Another longest {@code timeout} of a try, for a deployment with another {@code MAX_TIMEOUT_SECONDS}.
     *
     * @param longest 1 s to {@link #MAX_TIMEOUT}; parts of a second do not count
     * @throws IllegalArgumentException when it is out of range
     */
    public ClientSettings withMaxTimeout(Duration longest) {
        if (longest.toSeconds() < 1 || longest.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "the longest timeout is 1 to " + MAX_TIMEOUT.toSeconds() + " s, not " + longest);
        }
        return new ClientSettings(endpoint, region, credentials, trust, mapper, longest);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** @throws IllegalArgumentException when neither the endpoint nor the environment nor the caller names one */
    String region() {
        requireRegion(region);
        return region;
    }

    IdentityProvider<? extends AwsCredentialsIdentity> credentials() {
        return credentials;
    }

    SSLContext trust() {
        return trust;
    }

    ObjectMapper mapper() {
        return mapper;
    }

    Duration maxTimeout() {
        return maxTimeout;
    }

    private static void requireRegion(String name) {
        if (!REGION.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    name.isEmpty()
                            ? "the endpoint names no AWS region: set AWS_REGION, or give one with withRegion"
                            : "'" + name + "' is no AWS region");
        }
    }

    /** The endpoint; nothing secret. */
    @Override
    public String toString() {
        return "ClientSettings[" + endpoint.uri() + "]";
    }
}
