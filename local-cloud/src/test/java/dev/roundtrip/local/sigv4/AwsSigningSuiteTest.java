package dev.roundtrip.local.sigv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roundtrip.local.sigv4.SigningService.PathForm;
import dev.roundtrip.local.sigv4.SigningService.SessionTokenForm;
import dev.roundtrip.local.sigv4.Verdict.Accepted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The public signing suite of AWS (aws-c-auth), every case in both forms; all of them apply to a verifier. */
final class AwsSigningSuiteTest {
    private static final Path SUITE = Path.of("..", "..", "shared", "conformance", "aws-signing-test-suite", "v4");

    @BeforeAll
    static void suite_is_there() {
        assumeTrue(
                Files.isDirectory(SUITE),
                () -> "the AWS signing suite is not at "
                        + SUITE.toAbsolutePath().normalize()
                        + ": get tests/aws-signing-test-suite from aws-c-auth; nothing of it was tested");
    }

    static Stream<Arguments> cases() throws IOException {
        if (!Files.isDirectory(SUITE)) {
            return Stream.empty();
        }
        try (Stream<Path> folders = Files.list(SUITE)) {
            List<String> names = folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
            return names.stream().flatMap(name -> Stream.of(Arguments.of(name, "header"), Arguments.of(name, "query")));
        }
    }

    @Test
    void suite_has_its_38_cases() throws IOException {
        assertThat(cases()).hasSize(2 * 38);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("cases")
    void signed_request_is_verified_step_by_step(String name, String form) throws Exception {
        // given
        Path folder = SUITE.resolve(name);
        JsonNode context =
                new ObjectMapper().readTree(folder.resolve("context.json").toFile());
        SigningService service = service(context);
        AccessKey key = key(context.get("credentials"));
        SignedRequest request = WireRequest.parse(read(folder, form, "signed-request"));

        // when
        QueryParameters query = QueryParameters.parse(request.query());
        Claim claim = ClaimReader.read(request, query);
        CanonicalRequest canonical = CanonicalRequest.of(request, query, claim, service);
        String stringToSign = canonical.stringToSign(claim);
        String signature = new SigningKeys().sign(key.secret(), claim.scope(), stringToSign);
        Verdict verdict = new SigV4Verifier(
                        SigV4Settings.of(context.get("region").asText(), service),
                        AccessKeys.only(key),
                        InstantSource.fixed(
                                Instant.parse(context.get("timestamp").asText())))
                .verify(request);

        // then
        assertThat(canonical.text()).isEqualTo(read(folder, form, "canonical-request"));
        assertThat(stringToSign).isEqualTo(read(folder, form, "string-to-sign"));
        assertThat(signature).isEqualTo(read(folder, form, "signature"));
        assertThat(verdict).isEqualTo(new Accepted(key.caller()));
    }

    private static SigningService service(JsonNode context) {
        return new SigningService(
                context.get("service").asText(),
                context.get("normalize").asBoolean() ? PathForm.NORMALIZED : PathForm.AS_SENT,
                context.path("omit_session_token").asBoolean() ? SessionTokenForm.LEFT_OUT : SessionTokenForm.SIGNED);
    }

    private static AccessKey key(JsonNode credentials) {
        Caller caller = new Caller(
                credentials.get("access_key_id").asText(),
                "123456789012",
                "AIDAEXAMPLE",
                "arn:aws:iam::123456789012:user/suite");
        return new AccessKey(
                credentials.get("secret_access_key").asText(),
                credentials.path("token").asText(""),
                caller);
    }

    private static String read(Path folder, String form, String what) throws IOException {
        return Files.readString(folder.resolve(form + "-" + what + ".txt"), StandardCharsets.ISO_8859_1);
    }
}
