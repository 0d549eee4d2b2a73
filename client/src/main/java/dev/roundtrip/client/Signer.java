package dev.roundtrip.client;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Signs a POST of JSON for API Gateway in one region. Thread-safe. */
final class Signer {
    private static final String SERVICE = "execute-api";

    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final String region;

    Signer(String region) {
        this.region = region;
    }

    /** The signed request.
     *
     * @param json the bytes that are signed
     * @param body publishes these bytes
     */
    HttpRequest sign(URI uri, byte[] json, BodyPublisher body, AwsCredentialsIdentity credentials) {
        SdkHttpRequest unsigned = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(uri)
                .putHeader("Content-Type", "application/json")
                .build();
        var signed = signer.sign(signing -> signing.identity(credentials)
                        .request(unsigned)
                        .payload(() -> new ByteArrayInputStream(json))
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE))
                .request();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1).POST(body);
        signed.forEachHeader((name, values) -> {
            if (!name.equalsIgnoreCase("Host")) { // the client derives the very same from the address
                values.forEach(value -> request.header(name, value));
            }
        });
        return request.build();
    }
}
