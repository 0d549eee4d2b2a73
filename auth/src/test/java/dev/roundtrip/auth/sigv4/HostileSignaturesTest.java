package dev.roundtrip.auth.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.auth.sigv4.SdkSigner.Call;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever stands where a signature should be, in headers or in the query, is judged and never thrown at. */
class HostileSignaturesTest {
    private static final int ROUNDS = 20_000 * Integer.getInteger("fuzz.factor", 1);
    private static final long SEED = Long.getLong("fuzz.seed", 20_261_121L);
    private static final Instant TIME = Instant.parse("2026-11-21T09:00:00Z");
    private static final String SECRET = "P1ANTED/secret+key";
    private static final AccessKey KEY = AccessKey.of(
            new IamIdentity("AKIDHOSTILE", "123456789012", "AIDA", "arn:aws:iam::123456789012:user/x"), SECRET);
    private static final String[] TOKENS = {
        "",
        " ",
        ",",
        "=",
        "/",
        ";",
        "&",
        "%",
        "%2",
        "%zz",
        "%00",
        "%ff",
        "+",
        "\t",
        "\r\n",
        "\u0000",
        "\u00e9",
        "\u00ff",
        "AWS4-HMAC-SHA256",
        "Credential=",
        "SignedHeaders=",
        "Signature=",
        "X-Amz-Expires=604801",
        "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256",
        "aws4_request",
        "99999999T999999Z",
        "20261121T090000Z",
        "host;host",
        "0".repeat(64),
        "x".repeat(5_000)
    };

    private final SigV4Verifier verifier = new SigV4Verifier(
            SigV4Settings.of("eu-central-1", SigningService.EXECUTE_API),
            AccessKeys.only(KEY),
            InstantSource.fixed(TIME));
    private final Random random = new Random(SEED);

    @Test
    void mutated_signatures_are_judged_and_show_no_secret() {
        SdkSigner signer = new SdkSigner(KEY, "eu-central-1", "execute-api", TIME);
        Call call =
                new Call("GET", URI.create("http://h:8080/Prod/invoke/a:b/c?request=x%20y&b="), List.of(), new byte[0]);
        List<SignedRequest> good = List.of(signer.sign(call), signer.presign(call, Duration.ofMinutes(1)));
        good.forEach(request -> assertThat(verifier.verify(request)).isInstanceOf(Verdict.Accepted.class));
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Verdict verdict = verifier.verify(mutate(good.get(random.nextInt(2))));

            if (verdict instanceof Verdict.Refused refusal) {
                refused++;
                assertThat(refusal.message()).isNotEmpty().doesNotContain(SECRET);
            }
        }
        assertThat(refused).isGreaterThan(ROUNDS / 2);
    }

    private SignedRequest mutate(SignedRequest request) {
        String path = request.path();
        String query = request.query();
        List<Header> headers = new ArrayList<>(request.headers());
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(headers.size());
            Header header = headers.get(at);
            switch (random.nextInt(7)) {
                case 0 -> path = "/" + mutate(path);
                case 1, 2 -> query = mutate(query);
                case 3 -> headers.set(at, new Header(mutate(header.name()), header.value()));
                case 4 -> headers.set(at, new Header(header.name(), mutate(header.value())));
                case 5 -> headers.add(header);
                default -> {
                    if (headers.size() > 1) {
                        headers.remove(at);
                    }
                }
            }
        }
        return new SignedRequest(
                request.method(), path, query, headers, random.nextInt(9) == 0 ? new byte[] {1} : request.body());
    }

    private String mutate(String text) {
        int at = text.isEmpty() ? 0 : random.nextInt(text.length());
        String rest = text.substring(at);
        return switch (random.nextInt(4)) {
            case 0 -> text.substring(0, at) + TOKENS[random.nextInt(TOKENS.length)] + rest;
            case 1 -> text.substring(0, at) + rest.substring(Math.min(rest.length(), 1 + random.nextInt(8)));
            case 2 -> text.substring(0, at);
            default -> {
                byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
                if (bytes.length > 0) {
                    bytes[at] = (byte) random.nextInt();
                }
                yield new String(bytes, StandardCharsets.ISO_8859_1);
            }
        };
    }
}
