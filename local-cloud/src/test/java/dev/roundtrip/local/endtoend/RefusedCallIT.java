package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.sigv4.HeaderLine;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.SignedRequest;
import dev.roundtrip.sigv4.SigningScope;
import dev.roundtrip.sigv4.UnsignedRequest;
import dev.roundtrip.simulator.Device;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** A call that is not signed, or not rightly, never reaches the device. */
class RefusedCallIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path state;

    @SuppressWarnings("NullAway.Init")
    private static TestCloud cloud;

    @SuppressWarnings("NullAway.Init")
    private static Device pump;

    @BeforeAll
    static void start() throws Exception {
        cloud = TestCloud.start(state);
        pump = cloud.device("pump");
    }

    @AfterAll
    static void stop() {
        assertThat(pump.counters().received()).isZero();
        cloud.close();
    }

    private static UnsignedRequest get() {
        return UnsignedRequest.get(cloud.url("target=pump&method=echo&request=hi"));
    }

    private static UnsignedRequest post() {
        return UnsignedRequest.post(
                cloud.cloud().apiEndpoint().toString(), "{\"target\":\"pump\",\"method\":\"echo\",\"request\":\"hi\"}");
    }

    private static void assertRefused(SignedRequest request, String errorType) throws Exception {
        HttpResponse<String> answer = cloud.send(request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
        assertThat(answer.headers().firstValue("x-amzn-ErrorType")).contains(errorType);
        assertThat(answer.body()).startsWith("{\"message\":");
        assertThat(answer.body())
                .doesNotContain(cloud.cloud().state().credentials().secretAccessKey());
    }

    private static SignedRequest withUri(SignedRequest signed, UnaryOperator<String> change) {
        return new SignedRequest(
                signed.method(), URI.create(change.apply(signed.uri().toString())), signed.headers(), signed.body());
    }

    private static SignedRequest withHeader(SignedRequest signed, String name, UnaryOperator<String> change) {
        List<HeaderLine> headers = signed.headers().stream()
                .map(header -> header.name().equalsIgnoreCase(name)
                        ? new HeaderLine(header.name(), change.apply(header.value()))
                        : header)
                .toList();
        assertThat(headers).isNotEqualTo(signed.headers());
        return new SignedRequest(signed.method(), signed.uri(), headers, signed.body());
    }

    @Test
    void unsigned_call_is_refused() throws Exception {
        SignedRequest signed = cloud.signer().sign(get());
        assertRefused(
                new SignedRequest("GET", signed.uri(), List.of(signed.headers().getFirst()), new byte[0]),
                "MissingAuthenticationTokenException");
    }

    @Test
    void call_that_was_changed_after_it_was_signed_is_refused() throws Exception {
        SignedRequest get = cloud.signer().sign(get());
        SignedRequest post = cloud.signer().sign(post());

        assertRefused(withUri(get, uri -> uri.replace("request=hi", "request=ho")), "InvalidSignatureException");
        assertRefused(withUri(get, uri -> uri + "&timeout=9"), "InvalidSignatureException");
        assertRefused(withUri(get, uri -> uri.replace("/invoke", "/invoke/")), "InvalidSignatureException");
        assertRefused(new SignedRequest("POST", get.uri(), get.headers(), get.body()), "InvalidSignatureException");
        assertRefused(
                new SignedRequest(
                        "POST",
                        post.uri(),
                        post.headers(),
                        new String(post.body(), StandardCharsets.UTF_8)
                                .replace("hi", "ho")
                                .getBytes(StandardCharsets.UTF_8)),
                "InvalidSignatureException");
        assertRefused(withHeader(post, "Content-Type", value -> "text/plain"), "InvalidSignatureException");
    }

    @Test
    void signature_that_was_changed_in_any_part_is_refused() throws Exception {
        SignedRequest signed = cloud.signer().sign(get());

        assertRefused(
                withHeader(
                        signed,
                        "Authorization",
                        value -> value.replaceFirst(
                                "Signature=(.)", value.contains("Signature=0") ? "Signature=1" : "Signature=0")),
                "InvalidSignatureException");
        assertRefused(
                withHeader(signed, "Authorization", value -> value.replace("/execute-api/", "/lambda/")),
                "InvalidSignatureException");
        assertRefused(
                withHeader(signed, "Authorization", value -> value.replace("/execute-api/", "/iotdata/")),
                "ForbiddenException");
        assertRefused(
                withHeader(signed, "Authorization", value -> value.replace("/eu-central-1/", "/us-east-1/")),
                "InvalidSignatureException");
        assertRefused(
                withHeader(signed, "Authorization", value -> value.replace("Signature=", "Signatur=")),
                "IncompleteSignatureException");
        assertRefused(
                withHeader(
                        signed,
                        "X-Amz-Date",
                        value -> value.replaceFirst("\\d\\dZ", "00Z").equals(value)
                                ? value.replaceFirst("\\d\\dZ", "01Z")
                                : value.replaceFirst("\\d\\dZ", "00Z")),
                "InvalidSignatureException");
    }

    @Test
    void stale_and_future_signatures_are_refused() throws Exception {
        for (Duration skew : new Duration[] {Duration.ofMinutes(-6), Duration.ofMinutes(6)}) {
            RequestSigner elsewhen = new RequestSigner(
                    AwsCredentialsIdentity.create(
                            cloud.cloud().state().credentials().accessKeyId(),
                            cloud.cloud().state().credentials().secretAccessKey()),
                    cloud.scope(),
                    Clock.offset(Clock.systemUTC(), skew));
            assertRefused(elsewhen.sign(get()), "InvalidSignatureException");
        }
    }

    @Test
    void presigned_url_that_was_changed_or_has_expired_is_refused() throws Exception {
        SignedRequest presigned = cloud.signer().presign(get(), Duration.ofMinutes(1));
        RequestSigner earlier = new RequestSigner(
                AwsCredentialsIdentity.create(
                        cloud.cloud().state().credentials().accessKeyId(),
                        cloud.cloud().state().credentials().secretAccessKey()),
                cloud.scope(),
                Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-2)));

        assertRefused(withUri(presigned, uri -> uri.replace("Expires=60", "Expires=600")), "InvalidSignatureException");
        assertRefused(withUri(presigned, uri -> uri.replace("request=hi", "request=ho")), "InvalidSignatureException");
        assertRefused(earlier.presign(get(), Duration.ofMinutes(1)), "InvalidSignatureException");
    }

    @Test
    void unknown_key_wrong_secret_and_foreign_token_are_refused() throws Exception {
        String key = cloud.cloud().state().credentials().accessKeyId();
        String secret = cloud.cloud().state().credentials().secretAccessKey();
        SigningScope scope = cloud.scope();

        assertRefused(
                new RequestSigner(AwsCredentialsIdentity.create("AKIAUNKNOWNUNKNOWN00", secret), scope).sign(get()),
                "UnrecognizedClientException");
        assertRefused(
                new RequestSigner(AwsCredentialsIdentity.create(key, "wrong" + secret), scope).sign(get()),
                "InvalidSignatureException");
        assertRefused(
                new RequestSigner(AwsSessionCredentialsIdentity.create(key, secret, "token"), scope).sign(get()),
                "UnrecognizedClientException");
    }

    @Test
    void other_paths_and_methods_do_not_exist() throws Exception {
        String endpoint = cloud.cloud().apiEndpoint().toString();
        for (String url : new String[] {
            endpoint.replace("/invoke", "/other"), endpoint.replace("/Prod", "/Stage"), endpoint + "/more",
        }) {
            assertRefused(cloud.signer().sign(UnsignedRequest.get(url)), "MissingAuthenticationTokenException");
        }
        assertRefused(
                cloud.signer().sign(new UnsignedRequest("DELETE", URI.create(endpoint), List.of(), new byte[0])),
                "MissingAuthenticationTokenException");
    }
}
