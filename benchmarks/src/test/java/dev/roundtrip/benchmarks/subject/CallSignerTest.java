package dev.roundtrip.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.sigv4.HeaderLine;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.SigningScope;
import dev.roundtrip.sigv4.UnsignedRequest;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

class CallSignerTest {
    private static final Api API = new Api(
            URI.create("http://127.0.0.1:8080/Prod/invoke"),
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "eu-central-1");

    private final CallSigner signer = new CallSigner(API);

    @Test
    void signs_as_the_sdk_does_through_seconds_and_days() {
        for (String time : List.of("2026-11-20T23:59:58Z", "2026-11-20T23:59:59Z", "2026-11-21T00:00:00Z")) {
            for (String request : List.of("0-0", "255-17")) {
                Instant now = Instant.parse(time);
                String query = "method=echo&request=" + request + "&target=pump&timeout=28";

                String head = signer.sign(query, now);

                assertThat(head)
                        .startsWith("GET /Prod/invoke?" + query + " HTTP/1.1\r\n")
                        .endsWith("\r\n\r\n");
                assertThat(head.toLowerCase(Locale.ROOT).split("\r\n")).containsAll(linesOfTheSdk(query, now));
            }
        }
    }

    private static List<String> linesOfTheSdk(String query, Instant now) {
        RequestSigner sdk = new RequestSigner(
                AwsCredentialsIdentity.create(API.accessKeyId(), API.secretAccessKey()),
                new SigningScope(API.region(), SigningScope.EXECUTE_API),
                Clock.fixed(now, ZoneOffset.UTC));
        List<HeaderLine> headers =
                sdk.sign(UnsignedRequest.get(API.endpoint() + "?" + query)).headers();
        return headers.stream()
                .map(header -> (header.name() + ": " + header.value()).toLowerCase(Locale.ROOT))
                .toList();
    }
}
