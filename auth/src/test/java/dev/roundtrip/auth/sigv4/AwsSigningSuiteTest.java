package dev.roundtrip.auth.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roundtrip.auth.sigv4.SigningService.PathForm;
import dev.roundtrip.auth.sigv4.SigningService.SessionTokenForm;
import dev.roundtrip.auth.sigv4.Verdict.Accepted;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The public signing suite of AWS, every case in both forms; all of them apply to a verifier. The data file names its
 * source.
 */
final class AwsSigningSuiteTest {
    static Stream<Arguments> cases() throws IOException {
        try (InputStream file = AwsSigningSuiteTest.class.getResourceAsStream("/aws-signing-suite.json")) {
            JsonNode suite = new ObjectMapper().readTree(file);
            return StreamSupport.stream(suite.get("cases").spliterator(), false)
                    .flatMap(one -> Stream.of("header", "query")
                            .map(form -> Arguments.argumentSet(
                                    one.get("name").asText() + ", " + form, one.get("context"), one.get(form))));
        }
    }

    @Test
    void suite_has_its_38_cases() throws IOException {
        assertThat(cases()).hasSize(2 * 38);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void signed_request_is_verified_step_by_step(JsonNode context, JsonNode texts) throws Exception {
        // given
        SigningService service = service(context);
        AccessKey key = key(context.get("credentials"));
        SignedRequest request = WireRequest.parse(texts.get("signedRequest").asText());

        // when
        QueryParameters query = QueryParameters.parse(request.query());
        ParsedAuthorization authorization = AuthorizationReader.read(request, query);
        CanonicalRequest canonical = CanonicalRequest.of(request, query, authorization, service);
        String stringToSign = canonical.stringToSign(authorization);
        String signature = new SigningKeys().sign(key.secret(), authorization.scope(), stringToSign);
        Verdict verdict = new SigV4Verifier(
                        SigV4Settings.of(context.get("region").asText(), service),
                        AccessKeys.only(key),
                        InstantSource.fixed(
                                Instant.parse(context.get("timestamp").asText())))
                .verify(request);

        // then
        assertThat(canonical.text()).isEqualTo(texts.get("canonicalRequest").asText());
        assertThat(stringToSign).isEqualTo(texts.get("stringToSign").asText());
        assertThat(signature).isEqualTo(texts.get("signature").asText());
        assertThat(verdict).isEqualTo(new Accepted(key.caller()));
    }

    private static SigningService service(JsonNode context) {
        return new SigningService(
                context.get("service").asText(),
                context.get("normalize").asBoolean() ? PathForm.NORMALIZED : PathForm.AS_SENT,
                context.path("omit_session_token").asBoolean() ? SessionTokenForm.LEFT_OUT : SessionTokenForm.SIGNED);
    }

    private static AccessKey key(JsonNode credentials) {
        IamIdentity caller = new IamIdentity(
                credentials.get("access_key_id").asText(),
                "123456789012",
                "AIDAEXAMPLE",
                "arn:aws:iam::123456789012:user/suite");
        return new AccessKey(
                credentials.get("secret_access_key").asText(),
                credentials.path("token").asText(""),
                caller);
    }
}
