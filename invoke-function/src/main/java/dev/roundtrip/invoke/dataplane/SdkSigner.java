package dev.roundtrip.invoke.dataplane;

import dev.roundtrip.invoke.mqtt.GatewayCredentials;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Signs requests to the data plane with Signature Version 4; the only place that knows the AWS SDK. Thread-safe. */
final class SdkSigner {
    /** The signing name of the service model {@code iot-data-2015-05-28}. */
    private static final String SERVICE = "iotdata";

    private final String region;

    /** Made with the first request: most functions never sign one, and would load a good part of the SDK at their
     * start.
     */
    private static final class Signer {
        static final AwsV4HttpSigner AWS_V4 = AwsV4HttpSigner.create();
    }

    SdkSigner(String region) {
        this.region = region;
    }

    /** What is signed.
     *
     * @param headers beside {@code Host}
     * @param body possibly empty
     */
    @SuppressWarnings("ArrayRecordComponent") // Written once, signed, never compared.
    record Unsigned(String method, URI uri, Map<String, String> headers, byte[] body) {}

    /** The request with its signature in its headers, without a body yet. */
    HttpRequest.Builder sign(Unsigned unsigned, GatewayCredentials.Fixed key) {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(unsigned.method()))
                .uri(unsigned.uri());
        unsigned.headers().forEach(request::putHeader);
        var signed = Signer.AWS_V4
                .sign(SignRequest.builder(identity(key))
                        .request(request.build())
                        .payload(() -> new ByteArrayInputStream(unsigned.body()))
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                        .build())
                .request();
        HttpRequest.Builder ready = HttpRequest.newBuilder(unsigned.uri());
        signed.headers().forEach((name, values) -> {
            // The client writes these two itself, the same.
            if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
                values.forEach(value -> ready.header(name, value));
            }
        });
        return ready;
    }

    private static AwsCredentialsIdentity identity(GatewayCredentials.Fixed key) {
        String token = key.sessionToken();
        return token == null
                ? AwsCredentialsIdentity.create(key.accessKeyId(), key.secretAccessKey())
                : AwsSessionCredentialsIdentity.create(key.accessKeyId(), key.secretAccessKey(), token);
    }
}
