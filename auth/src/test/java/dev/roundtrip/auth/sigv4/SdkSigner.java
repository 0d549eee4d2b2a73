package dev.roundtrip.auth.sigv4;

import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Signs as the AWS SDK does, which knows nothing of the verifier. */
public record SdkSigner(AccessKey key, String region, String service, Instant time) {
    private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

    /** What shall be signed; the headers are added to those of the SDK. */
    @SuppressWarnings("ArrayRecordComponent") // Read once and never compared.
    public record Call(String method, URI uri, List<Header> headers, byte[] body) {
        public static Call get(URI uri) {
            return new Call("GET", uri, List.of(), new byte[0]);
        }

        public static Call post(URI uri, byte[] body) {
            return new Call("POST", uri, List.of(new Header("Content-Type", "application/json")), body);
        }
    }

    /** The signature goes into the Authorization header. */
    public SignedRequest sign(Call call) {
        return sign(call, Duration.ZERO);
    }

    /** The signature goes into the query. */
    public SignedRequest presign(Call call, Duration expires) {
        return sign(call, expires);
    }

    /** The signature does not cover the body; the SDK does this for {@code https} alone. */
    public SignedRequest signWithoutPayload(Call call) {
        return sign(call, Duration.ZERO, false);
    }

    private SignedRequest sign(Call call, Duration expires) {
        return sign(call, expires, true);
    }

    private SignedRequest sign(Call call, Duration expires, boolean payloadSigned) {
        SdkHttpRequest.Builder request =
                SdkHttpRequest.builder().uri(call.uri()).method(SdkHttpMethod.fromValue(call.method()));
        call.headers().forEach(header -> request.appendHeader(header.name(), header.value()));
        SdkHttpRequest signed = SIGNER.sign(signing -> {
                    signing.identity(identity())
                            .request(request.build())
                            .payload(() -> new ByteArrayInputStream(call.body()))
                            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                            .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                            .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, payloadSigned)
                            .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(time, ZoneOffset.UTC));
                    if (!expires.isZero()) {
                        signing.putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                                .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, expires);
                    }
                })
                .request();
        List<Header> headers = new ArrayList<>();
        signed.forEachHeader((name, values) -> values.forEach(value -> headers.add(new Header(name, value))));
        return new SignedRequest(
                call.method(),
                signed.encodedPath(),
                signed.encodedQueryParameters().orElse(""),
                headers,
                call.body());
    }

    private AwsCredentialsIdentity identity() {
        String id = key.caller().accessKeyId();
        return key.sessionToken().isEmpty()
                ? AwsCredentialsIdentity.create(id, key.secret())
                : AwsSessionCredentialsIdentity.create(id, key.secret(), key.sessionToken());
    }
}
