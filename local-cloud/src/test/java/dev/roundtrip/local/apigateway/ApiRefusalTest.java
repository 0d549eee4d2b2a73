package dev.roundtrip.local.apigateway;

import static dev.roundtrip.local.apigateway.LocalApi.CALLER;
import static dev.roundtrip.local.apigateway.LocalApi.KEY;
import static dev.roundtrip.local.apigateway.LocalApi.REGION;
import static dev.roundtrip.local.apigateway.LocalApi.get;
import static dev.roundtrip.local.apigateway.LocalApi.ok;
import static dev.roundtrip.local.apigateway.LocalApi.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roundtrip.auth.sigv4.AccessKey;
import dev.roundtrip.auth.sigv4.IamIdentity;
import dev.roundtrip.auth.sigv4.SdkSigner;
import dev.roundtrip.auth.sigv4.SdkSigner.Call;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.apigateway.ApiAuthorizer.Decision;
import dev.roundtrip.local.apigateway.RawClient.Answer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ApiRefusalTest {
    private static final String MISSING = "{\"message\":\"Missing Authentication Token\"}";

    private final AtomicInteger invocations = new AtomicInteger();
    private volatile Decision decision = Decision.ALLOWED;
    private LocalApi api;

    @BeforeEach
    void start() throws IOException {
        api = LocalApi.start(
                ApiLimits.AWS, FunctionSettings.DEFAULT, (caller, arn, source) -> decision, (event, context) -> {
                    invocations.incrementAndGet();
                    return ok("{}");
                });
    }

    @AfterEach
    void stop() {
        api.close();
        assertThat(invocations).as("no refused call reaches the function").hasValue(0);
    }

    @Test
    void unsigned_call_misses_its_token() throws Exception {
        try (RawClient client = new RawClient(api)) {
            Answer answer = client.send("GET /Prod/invoke?target=a HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .read();
            assertRefused(answer, 403, "MissingAuthenticationTokenException");
            assertThat(answer.body()).isEqualTo(MISSING);
            assertThat(answer.header("Content-Type")).isEqualTo("application/json");
            assertThat(answer.header("x-amzn-RequestId")).hasSize(36);
            assertThat(answer.header("x-amz-apigw-id")).hasSize(16);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/",
        "GET,/Prod",
        "GET,/invoke",
        "GET,/prod/invoke",
        "GET,/Prod/invoke/x",
        "GET,/Prod/invoke//y",
        "GET,/Prod/invoke/x/..",
        "GET,/Prod/invoke/./y",
        "GET,/Prod/invoke/x/y/z",
        "GET,/Prod/invoked/x/y",
        "PUT,/Prod/invoke/x/y",
        "GET,/Prod/invoke//",
        "GET,/Prod/invoked",
        "GET,/Prod/../Prod/invoke",
        "PUT,/Prod/invoke",
        "DELETE,/Prod/invoke",
        "PATCH,/Prod/invoke",
        "HEAD,/Prod/invoke",
        "OPTIONS,/Prod/invoke"
    })
    void unknown_route_looks_like_a_missing_token_though_it_is_signed(String method, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + api.port() + path);
        Answer answer = RawClient.call(api, LocalApi.signer().sign(new Call(method, uri, List.of(), new byte[0])));
        assertRefused(answer, 403, "MissingAuthenticationTokenException");
        assertThat(answer.body()).isEqualTo(method.equals("HEAD") ? "" : MISSING);
    }

    @Test
    void unknown_key_is_refused() throws Exception {
        IamIdentity stranger = new IamIdentity("AKIDSTRANGER", "1", "AIDA", "arn");
        Answer answer = RawClient.call(
                api, signed(new SdkSigner(AccessKey.of(stranger, "x"), REGION, "execute-api", Instant.now())));
        assertRefused(answer, 403, "UnrecognizedClientException");
        assertThat(answer.body()).isEqualTo("{\"message\":\"The security token included in the request is invalid.\"}");
    }

    @Test
    void bad_signature_is_refused_with_what_should_have_been_signed() throws Exception {
        Answer answer = RawClient.call(
                api, signed(new SdkSigner(AccessKey.of(CALLER, "wrong"), REGION, "execute-api", Instant.now())));
        assertRefused(answer, 403, "InvalidSignatureException");
        String message =
                new ObjectMapper().readTree(answer.body()).get("message").asText();
        assertThat(message)
                .startsWith(
                        "The request signature we calculated does not match the signature you provided. Check your AWS"
                                + " Secret Access Key and signing method. Consult the service documentation for"
                                + " details.\n\nThe Canonical String for this request should have"
                                + " been\n'GET\n/Prod/invoke\ntarget=a\nhost:127.0.0.1:")
                .contains("'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n")
                .endsWith("'\n")
                .doesNotContain("secret");
    }

    @Test
    void stale_signature_is_refused() throws Exception {
        SdkSigner stale =
                new SdkSigner(KEY, REGION, "execute-api", Instant.now().minus(Duration.ofMinutes(6)));
        Answer answer = RawClient.call(api, signed(stale));
        assertRefused(answer, 403, "InvalidSignatureException");
        assertThat(answer.body())
                .startsWith("{\"message\":\"Signature expired: ")
                .contains(" - 5 min.)");
    }

    @Test
    void signature_for_another_service_or_region_is_refused() throws Exception {
        Answer service = RawClient.call(api, signed(new SdkSigner(KEY, REGION, "lambda", Instant.now())));
        assertRefused(service, 403, "InvalidSignatureException");
        assertThat(service.body())
                .isEqualTo("{\"message\":\"Credential should be scoped to correct service: 'execute-api'.\"}");
        Answer region = RawClient.call(api, signed(new SdkSigner(KEY, "us-east-1", "execute-api", Instant.now())));
        assertRefused(region, 403, "InvalidSignatureException");
        assertThat(region.body())
                .isEqualTo("{\"message\":\"Credential should be scoped to a valid region, not 'us-east-1'.\"}");
    }

    @Test
    void authorization_that_is_no_signature_is_incomplete() throws Exception {
        try (RawClient client = new RawClient(api)) {
            Answer answer = client.send(
                            "GET /Prod/invoke HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer abc\r\n\r\n")
                    .read();
            assertRefused(answer, 403, "IncompleteSignatureException");
            assertThat(answer.body())
                    .startsWith("{\"message\":\"Invalid key=value pair (missing equal-sign) in Authorization header"
                            + " (hashed with SHA-256 and encoded with Base64): '");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NOT_ALLOWED | ' because no identity-based policy allows the execute-api:Invoke action'",
                "DENIED | ' with an explicit deny'"
            })
    void caller_without_permission_is_refused(Decision denied, String why) throws Exception {
        decision = denied;
        Answer answer = RawClient.call(api, post(api, LocalApi.bytes("{}")));
        assertRefused(answer, 403, "AccessDeniedException");
        assertThat(answer.body())
                .isEqualTo("{\"Message\":\"User: arn:aws:iam::123456789012:user/local is not authorized to perform:"
                        + " execute-api:Invoke on resource:"
                        + " arn:aws:execute-api:eu-central-1:********9012:local00001/Prod/POST/invoke"
                        + why + "\"}");
    }

    @Test
    void body_that_the_function_cannot_take_is_too_long() throws Exception {
        Answer answer = RawClient.call(api, post(api, new byte[ApiLimits.MAX_FUNCTION_PAYLOAD_BYTES + 1]));
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body()).isEqualTo("{\"message\": \"Request Too Long\"}");
    }

    @Test
    void tampered_body_is_refused() throws Exception {
        SignedRequest signed = post(api, LocalApi.bytes("{\"target\":\"a\"}"));
        Answer answer = RawClient.call(
                api,
                new SignedRequest(
                        signed.method(),
                        signed.path(),
                        signed.query(),
                        signed.headers(),
                        LocalApi.bytes("{\"target\":\"b\"}")));
        assertRefused(answer, 403, "InvalidSignatureException");
    }

    private SignedRequest signed(SdkSigner signer) {
        return signer.sign(Call.get(URI.create(api.endpoint() + "?target=a")));
    }

    private static void assertRefused(Answer answer, int status, String errorType) {
        assertThat(answer.header("x-amzn-ErrorType")).as(answer.body()).isEqualTo(errorType);
        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void connection_goes_on_after_a_refusal() throws Exception {
        decision = Decision.DENIED;
        try (RawClient client = new RawClient(api)) {
            assertThat(client.send(get(api, "")).read().status()).isEqualTo(403);
            assertThat(client.send(get(api, "")).read().status()).isEqualTo(403);
        }
    }
}
