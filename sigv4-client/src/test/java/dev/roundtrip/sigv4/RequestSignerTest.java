package dev.roundtrip.sigv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestSignerTest {
    private static final SigningScope SCOPE = new SigningScope("eu-central-1", SigningScope.EXECUTE_API);

    private final HttpClient client = HttpClient.newHttpClient();
    private RecordingServer server;

    @BeforeEach
    void start() throws Exception {
        server = RecordingServer.http();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void check_accepts_the_signature_of_the_public_suite() {
        // given the case get-vanilla-query-order-key-case of the AWS signing suite, as it is signed there
        ReceivedRequest request = ReceivedRequest.of(
                "GET",
                "/?Param2=value2&Param1=value1",
                Map.of(
                        "Host", List.of("example.amazonaws.com"),
                        "X-Amz-Date", List.of("20150830T123600Z"),
                        "Authorization",
                                List.of("AWS4-HMAC-SHA256 "
                                        + "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                                        + "SignedHeaders=host;x-amz-date, "
                                        + "Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94c"
                                        + "df2500")),
                new byte[0],
                0);

        // then the tests' own verifier agrees
        assertThat(new SignatureCheck("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").accepts(request))
                .isTrue();
        assertThat(new SignatureCheck("another").accepts(request)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/Prod/invoke?target=lamp-1&method=echo&request=",
                "/Prod/invoke?request=a b+c%2B&target=ü€😀&method=x:y",
                "/a b/%2F/x:y@z//w;v=1,2/(')!$&*?b=2&a=1&b=1",
                "/a/./b/../c?~-._=*!'()",
                "/?request={\"a\":[1,2],\"b\":\"x&y\"}",
            })
    void sent_request_is_the_signed_one(String target) throws Exception {
        RequestSigner signer = new RequestSigner(Account.withSession().credentials(), SCOPE);

        client.send(signer.sign(UnsignedRequest.get(server.url(target))).toHttpRequest(), BodyHandlers.discarding());

        ReceivedRequest received = server.only();
        assertThat(Account.CHECK.accepts(received)).isTrue();
        assertThat(received.header("X-Amz-Security-Token")).isEqualTo(Account.TOKEN);
        assertThat(received.header("Authorization")).contains("x-amz-security-token", "/eu-central-1/execute-api/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/Prod/invoke?target=lamp-1&request=a b", "/a b/ü?b=2&a=1&b=1"})
    void presigned_address_needs_no_header(String target) throws Exception {
        RequestSigner signer = new RequestSigner(Account.withSession().credentials(), SCOPE);

        URI uri = signer.presign(UnsignedRequest.get(server.url(target)), Duration.ofSeconds(60))
                .uri();
        client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());

        assertThat(Account.CHECK.accepts(server.only())).isTrue();
        assertThat(server.only().target()).isEqualTo(uri.getRawPath() + "?" + uri.getRawQuery());
        assertThat(server.only().query()).contains("X-Amz-Expires=60", "X-Amz-Security-Token=");
    }

    @Test
    void body_and_headers_are_signed() throws Exception {
        // given a POST with a repeated header and blanks in a value
        UnsignedRequest request = new UnsignedRequest(
                "post",
                URI.create(server.url("/x")),
                List.of(
                        new HeaderLine("X-Note", "one   two"),
                        new HeaderLine("X-Note", "three"),
                        new HeaderLine("User-Agent", "mine")),
                new byte[] {0, 1, -1});

        // when it is signed and sent
        SignedRequest signed = new RequestSigner(Account.plain().credentials(), SCOPE).sign(request);
        client.send(signed.toHttpRequest(), BodyHandlers.discarding());

        // then all of it arrives and counts, and nothing else verifies it
        assertThat(server.only().body()).containsExactly(0, 1, -1);
        assertThat(server.only().headers().get("X-Note")).hasSize(2);
        assertThat(server.only().header("Authorization")).contains("x-note").doesNotContain("user-agent");
        assertThat(Account.CHECK.accepts(server.only())).isTrue();
        assertThat(new SignatureCheck("wrong").accepts(server.only())).isFalse();
    }

    @Test
    void presigned_post_covers_its_body() throws Exception {
        UnsignedRequest request = new UnsignedRequest("POST", URI.create(server.url("/x")), List.of(), new byte[] {1});

        SignedRequest signed =
                new RequestSigner(Account.plain().credentials(), SCOPE).presign(request, Duration.ofDays(7));
        client.send(signed.toHttpRequest(), BodyHandlers.discarding());

        assertThat(Account.CHECK.accepts(server.only())).isTrue();
    }

    @Test
    void signature_is_dated_by_the_given_clock() {
        Clock clock = Clock.fixed(Instant.parse("2026-11-01T12:00:00Z"), ZoneOffset.UTC);

        SignedRequest signed = new RequestSigner(Account.plain().credentials(), SCOPE, clock)
                .sign(UnsignedRequest.post("https://h/x", "{}"));

        assertThat(signed.headers()).contains(new HeaderLine("X-Amz-Date", "20261101T120000Z"));
        assertThat(signed.headers().getFirst()).isEqualTo(new HeaderLine("Host", "h"));
    }

    @Test
    void session_token_is_not_told() {
        SignedRequest signed =
                new RequestSigner(Account.withSession().credentials(), SCOPE).sign(UnsignedRequest.get("https://h/"));

        assertThat(signed.toString()).contains("X-Amz-Security-Token").doesNotContain(Account.TOKEN);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 604_801})
    void presigning_refuses_a_life_out_of_range(long seconds) {
        RequestSigner signer = new RequestSigner(Account.plain().credentials(), SCOPE);

        assertThatThrownBy(() -> signer.presign(UnsignedRequest.get("http://h/"), Duration.ofSeconds(seconds)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
