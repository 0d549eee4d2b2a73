package dev.roundtrip.sigv4;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Signs requests with one set of credentials for one region and service. Thread-safe. */
public final class RequestSigner {
    /** The longest life of a presigned request; source: AWS, "Authenticating requests: using query parameters",
     * X-Amz-Expires.
     */
    public static final Duration MAX_EXPIRES = Duration.ofDays(7);

    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final AwsCredentialsIdentity credentials;
    private final SigningScope scope;
    private final Clock clock;

    /** A signer that dates its signatures by this machine's clock.
     *
     * @param credentials with or without a session token, {@code AwsCredentialsIdentity.create("key id", "secret")} for
     *     one without
     * @param scope region and service
     */
    public RequestSigner(AwsCredentialsIdentity credentials, SigningScope scope) {
        this(credentials, scope, Clock.systemUTC());
    }

    /** A signer that dates its signatures by a clock of the caller's. */
    public RequestSigner(AwsCredentialsIdentity credentials, SigningScope scope, Clock clock) {
        this.credentials = credentials;
        this.scope = scope;
        this.clock = clock;
    }

    /** Signs in the headers: {@code Authorization}, {@code X-Amz-Date}, {@code x-amz-content-sha256} and, with a
     * session, {@code X-Amz-Security-Token}.
     */
    public SignedRequest sign(UnsignedRequest request) {
        SdkHttpRequest signed = signer.sign(begin(request)
                        .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.HEADER)
                        .build())
                .request();
        return new SignedRequest(request.method(), request.uri(), headers(signed.headers()), request.body());
    }

    /** Signs in the query, so that the address alone is enough; whoever has it may use it until it expires. The method,
     * the body and the given headers are signed too, and must be sent as they are.
     *
     * @param expires 1 second to {@link #MAX_EXPIRES}
     * @throws IllegalArgumentException when {@code expires} is out of range
     */
    public SignedRequest presign(UnsignedRequest request, Duration expires) {
        if (expires.toSeconds() < 1 || expires.compareTo(MAX_EXPIRES) > 0) {
            throw new IllegalArgumentException("a presigned request lives 1 to " + MAX_EXPIRES.toSeconds()
                    + " seconds, not " + expires.toSeconds());
        }
        SdkHttpRequest signed = signer.sign(begin(request)
                        .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, expires)
                        .build())
                .request();
        URI uri = RequestUri.of(signed.getUri().toString());
        return new SignedRequest(request.method(), uri, headers(signed.headers()), request.body());
    }

    private SignRequest.Builder<AwsCredentialsIdentity> begin(UnsignedRequest request) {
        SdkHttpRequest.Builder unsigned = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(request.method()))
                .uri(request.uri());
        request.headers().forEach(header -> unsigned.appendHeader(header.name(), header.value()));
        return SignRequest.builder(credentials)
                .request(unsigned.build())
                .payload(() -> new ByteArrayInputStream(request.body()))
                .putProperty(AwsV4HttpSigner.REGION_NAME, scope.region())
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, scope.service())
                .putProperty(HttpSigner.SIGNING_CLOCK, clock);
    }

    /** {@code Host} first, the rest by name. */
    private static List<HeaderLine> headers(Map<String, List<String>> signed) {
        Map<String, List<String>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(signed);
        List<HeaderLine> headers = new ArrayList<>();
        List<String> host = byName.remove("Host");
        if (host == null) {
            throw new IllegalStateException("the signer left out the host");
        }
        host.forEach(value -> headers.add(new HeaderLine("Host", value)));
        byName.forEach((name, values) -> values.forEach(value -> headers.add(new HeaderLine(name, value))));
        return headers;
    }
}
