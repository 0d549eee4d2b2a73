package dev.roundtrip.auth.sigv4;

import static dev.roundtrip.auth.sigv4.Examples.KEY;
import static dev.roundtrip.auth.sigv4.Examples.KEY_ID;
import static dev.roundtrip.auth.sigv4.Examples.REGION;
import static dev.roundtrip.auth.sigv4.Examples.SECRET;
import static dev.roundtrip.auth.sigv4.Examples.TIME;
import static dev.roundtrip.auth.sigv4.SigningService.EXECUTE_API;
import static dev.roundtrip.auth.sigv4.SigningService.IOT_DATA;
import static dev.roundtrip.auth.sigv4.SigningService.IOT_DEVICE_GATEWAY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.auth.sigv4.Verdict.Accepted;
import dev.roundtrip.auth.sigv4.Verdict.Reason;
import dev.roundtrip.auth.sigv4.Verdict.Refused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.crt.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.crt.auth.signing.AwsSigner;
import software.amazon.awssdk.crt.auth.signing.AwsSigningConfig;
import software.amazon.awssdk.crt.http.HttpHeader;
import software.amazon.awssdk.crt.http.HttpRequest;

/** The upgrade to MQTT over WebSocket, as the Common Runtime of AWS signs it. */
final class IotUpgradeTest {
    private static final String HOST = "abc123-ats.iot.us-east-1.amazonaws.com";
    private static final String TOKEN = "TOKEN/with+special==";
    private static final AccessKey SESSION_KEY = new AccessKey(SECRET, TOKEN, Examples.CALLER);

    /** Made by aws-crt 0.48.3 and computed again by other means. */
    private static final String TOKEN_LEFT_OUT = "b537a87626d9fc354ff006bc4f06bd255b9f5b4c207a05b33d241ca7d96dc6df";

    private static final String TOKEN_SIGNED = "91bbc3c5bb0a57041ac0dd7454a1a79116d8cd02f56e6a122b015cf90b451612";
    private static final String HOST_ONLY = "6298b2262e4020b389c61403c0c7f8000463e0ea940ce29c96c5bf88c54a87f2";

    private final SigV4Verifier verifier = verifier(SESSION_KEY, TIME.plusSeconds(30));

    @Test
    void upgrade_with_token_left_out_of_the_signature_is_accepted() {
        assertThat(verifier.verify(upgrade("connection%3Bhost", TOKEN_LEFT_OUT)))
                .isEqualTo(new Accepted(Examples.CALLER));
    }

    @Test
    void upgrade_with_host_alone_signed_is_accepted() {
        assertThat(verifier.verify(upgrade("host", HOST_ONLY))).isEqualTo(new Accepted(Examples.CALLER));
    }

    @Test
    void upgrade_with_signed_token_is_refused() {
        assertThat(verifier.verify(upgrade("connection%3Bhost", TOKEN_SIGNED)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.INVALID_SIGNATURE));
    }

    @Test
    void signed_token_is_what_a_service_with_signed_tokens_takes() {
        // given: the same vector, for a service of the same name that has its token signed
        SigningService signing = new SigningService(
                "iotdevicegateway", SigningService.PathForm.NORMALIZED, SigningService.SessionTokenForm.SIGNED);
        SigV4Verifier strict = new SigV4Verifier(
                SigV4Settings.of(REGION, signing), AccessKeys.only(SESSION_KEY), InstantSource.fixed(TIME));

        // then
        assertThat(strict.verify(upgrade("connection%3Bhost", TOKEN_SIGNED))).isInstanceOf(Accepted.class);
        assertThat(strict.verify(upgrade("connection%3Bhost", TOKEN_LEFT_OUT))).isInstanceOf(Refused.class);
    }

    @Test
    void another_session_token_is_refused_though_it_is_not_signed() {
        SigV4Verifier other = verifier(new AccessKey(SECRET, "another", Examples.CALLER), TIME);
        assertThat(other.verify(upgrade("connection%3Bhost", TOKEN_LEFT_OUT)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.UNKNOWN_KEY));
        assertThat(verifier(KEY, TIME).verify(upgrade("connection%3Bhost", TOKEN_LEFT_OUT)))
                .isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-301, 301})
    void upgrade_without_expiry_is_good_for_the_clock_skew_only(long secondsLater) {
        SignedRequest upgrade = upgrade("connection%3Bhost", TOKEN_LEFT_OUT);
        assertThat(verifier(SESSION_KEY, TIME.plusSeconds(secondsLater)).verify(upgrade))
                .isInstanceOf(Refused.class);
        assertThat(verifier(SESSION_KEY, TIME.plusSeconds(secondsLater - Long.signum(secondsLater)))
                        .verify(upgrade))
                .isInstanceOf(Accepted.class);
    }

    @Test
    void upgrade_for_another_service_is_refused() {
        SigV4Verifier api = new SigV4Verifier(
                SigV4Settings.of(REGION, EXECUTE_API), AccessKeys.only(SESSION_KEY), InstantSource.fixed(TIME));
        assertThat(api.verify(upgrade("connection%3Bhost", TOKEN_LEFT_OUT)))
                .isEqualTo(new Refused(
                        Reason.INVALID_SIGNATURE, "Credential should be scoped to correct service: 'execute-api'."));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void upgrade_signed_by_the_common_runtime_itself_is_judged_by_how_its_token_was_treated(boolean omitToken)
            throws Exception {
        // given
        HttpHeader[] headers = {
            new HttpHeader("Host", HOST),
            new HttpHeader("Upgrade", "websocket"),
            new HttpHeader("Connection", "Upgrade"),
            new HttpHeader("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            new HttpHeader("Sec-WebSocket-Version", "13"),
            new HttpHeader("Sec-WebSocket-Protocol", "mqtt"),
        };
        HttpRequest signed;
        try (StaticCredentialsProvider credentials = new StaticCredentialsProvider.StaticCredentialsProviderBuilder()
                        .withAccessKeyId(bytes(KEY_ID))
                        .withSecretAccessKey(bytes(SECRET))
                        .withSessionToken(bytes(TOKEN))
                        .build();
                AwsSigningConfig config = new AwsSigningConfig()) {
            config.setAlgorithm(AwsSigningConfig.AwsSigningAlgorithm.SIGV4);
            config.setSignatureType(AwsSigningConfig.AwsSignatureType.HTTP_REQUEST_VIA_QUERY_PARAMS);
            config.setRegion(REGION);
            config.setService("iotdevicegateway");
            config.setOmitSessionToken(omitToken);
            config.setTime(TIME.toEpochMilli());
            config.setCredentialsProvider(credentials);
            signed = AwsSigner.signRequest(new HttpRequest("GET", "/mqtt", headers, null), config)
                    .get(10, TimeUnit.SECONDS);
        }

        // when
        Verdict verdict = verifier.verify(fromCrt(signed));

        // then
        assertThat(verdict).isInstanceOf(omitToken ? Accepted.class : Refused.class);
    }

    private static SigV4Verifier verifier(AccessKey key, Instant now) {
        SigV4Settings settings =
                new SigV4Settings(REGION, List.of(IOT_DEVICE_GATEWAY, IOT_DATA), Duration.ofMinutes(5));
        return new SigV4Verifier(settings, AccessKeys.only(key), InstantSource.fixed(now));
    }

    private static SignedRequest upgrade(String signedHeaders, String signature) {
        String query = "X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fiotdevicegateway%2Faws4_request"
                + "&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=" + signedHeaders
                + "&X-Amz-Security-Token=TOKEN%2Fwith%2Bspecial%3D%3D&X-Amz-Signature=" + signature;
        List<Header> headers = List.of(
                new Header("Host", HOST), new Header("Upgrade", "websocket"), new Header("Connection", "Upgrade"));
        return new SignedRequest("GET", "/mqtt", query, headers, new byte[0]);
    }

    private static SignedRequest fromCrt(HttpRequest request) {
        String target = request.getEncodedPath();
        int question = target.indexOf('?');
        List<Header> headers = new ArrayList<>();
        for (HttpHeader header : request.getHeaders()) {
            headers.add(new Header(header.getName(), header.getValue()));
        }
        return new SignedRequest(
                "GET", target.substring(0, question), target.substring(question + 1), headers, new byte[0]);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
