package dev.roundtrip.auth.sigv4;

import static dev.roundtrip.auth.sigv4.Examples.CALLER;
import static dev.roundtrip.auth.sigv4.Examples.KEY;
import static dev.roundtrip.auth.sigv4.Examples.REGION;
import static dev.roundtrip.auth.sigv4.Examples.SECRET;
import static dev.roundtrip.auth.sigv4.Examples.TIME;
import static dev.roundtrip.auth.sigv4.SigningService.EXECUTE_API;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.auth.sigv4.SdkSigner.Call;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.auth.sigv4.Verdict.Accepted;
import dev.roundtrip.auth.sigv4.Verdict.Reason;
import dev.roundtrip.auth.sigv4.Verdict.Refused;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SigV4VerifierTest {
    private static final URI URL = URI.create(
            "http://127.0.0.1:8080/Prod/invoke?target=mydevice01&method=mymethod01&request=a%20b%2Bc&timeout=10");
    private static final String MISMATCH =
            "The request signature we calculated does not match the signature you provided.";

    private final SdkSigner signer = new SdkSigner(KEY, REGION, "execute-api", TIME);
    private final SignedRequest get = signer.sign(
            new Call("GET", URL, List.of(new Header("x-amz-meta", "one"), new Header("Accept", "*/*")), new byte[0]));
    private final SignedRequest post = signer.sign(Call.post(URL, bytes("{\"target\":\"d\"}")));
    private final SignedRequest presigned = signer.presign(Call.get(URL), Duration.ofMinutes(15));

    @Test
    void untouched_requests_are_accepted() {
        assertThat(List.of(get, post, presigned))
                .allSatisfy(request -> assertThat(verify(request)).isEqualTo(new Accepted(CALLER)));
    }

    @Test
    void unsigned_request_misses_its_token() {
        SignedRequest unsigned =
                new SignedRequest("GET", "/Prod/invoke", "", List.of(new Header("Host", "h")), new byte[0]);
        assertThat(verify(unsigned)).isEqualTo(new Refused(Reason.MISSING_TOKEN, "Missing Authentication Token"));
    }

    @Test
    void relative_path_is_not_the_root_that_was_signed() {
        // given
        SignedRequest root = signer.sign(Call.get(URI.create("http://127.0.0.1:8080/")));

        // when
        Verdict verdict = verify(new SignedRequest("GET", ".", root.query(), root.headers(), root.body()));

        // then
        assertThat(verdict).isInstanceOf(Refused.class);
    }

    @Test
    void mismatch_shows_what_should_have_been_signed() {
        // given
        SignedRequest tampered =
                new SignedRequest("GET", "/Prod/invoke", "target=mydevice02", List.copyOf(get.headers()), new byte[0]);

        // when
        Verdict verdict = verify(tampered);

        // then: as API Gateway writes it, line by line
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.message()).matches("""
                        The request signature we calculated does not match the signature you provided\\. Check your AWS \
                        Secret Access Key and signing method\\. Consult the service documentation for details\\.

                        The Canonical String for this request should have been
                        'GET
                        /Prod/invoke
                        target=mydevice02
                        accept:\\*/\\*
                        host:127\\.0\\.0\\.1:8080
                        x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                        x-amz-date:20150830T123600Z
                        x-amz-meta:one

                        accept;host;x-amz-content-sha256;x-amz-date;x-amz-meta
                        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

                        The String-to-Sign should have been
                        'AWS4-HMAC-SHA256
                        20150830T123600Z
                        20150830/us-east-1/execute-api/aws4_request
                        [0-9a-f]{64}'
                        """).doesNotContain(SECRET));
    }

    @Test
    void method_path_query_and_body_are_signed() {
        assertMismatch(new SignedRequest("PUT", get.path(), get.query(), get.headers(), get.body()));
        assertMismatch(new SignedRequest("get", get.path(), get.query(), get.headers(), get.body()));
        assertMismatch(new SignedRequest("GET", "/Prod/invoke/", get.query(), get.headers(), get.body()));
        assertMismatch(new SignedRequest("GET", get.path(), get.query() + "&timeout=11", get.headers(), get.body()));
        assertMismatch(new SignedRequest("GET", get.path(), get.query() + "&extra", get.headers(), get.body()));
        assertMismatch(new SignedRequest("GET", get.path(), "", get.headers(), get.body()));
        assertMismatch(new SignedRequest("GET", get.path(), get.query(), get.headers(), bytes("{}")));
        assertMismatch(
                new SignedRequest("POST", post.path(), post.query(), post.headers(), bytes("{\"target\":\"e\"}")));
        assertMismatch(new SignedRequest("POST", post.path(), post.query(), post.headers(), new byte[0]));
    }

    @Test
    void parameters_may_come_in_another_order_but_not_with_other_values() {
        String reordered = "timeout=10&request=a+b%2bc&method=mymethod01&target=mydevice01";
        assertThat(verify(new SignedRequest("GET", get.path(), reordered, get.headers(), get.body())))
                .isInstanceOf(Accepted.class);
        String plusIsASpace = get.query().replace("%2B", "+");
        assertMismatch(new SignedRequest("GET", get.path(), plusIsASpace, get.headers(), get.body()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "Accept", "x-amz-date", "x-amz-meta", "x-amz-content-sha256"})
    void every_signed_header_is_signed(String name) {
        assertThat(verify(mapHeader(get, name, value -> value + "0"))).isInstanceOf(Refused.class);
        assertThat(verify(without(get, name))).isInstanceOf(Refused.class);
        assertThat(verify(with(get, new Header(name, "more")))).isInstanceOf(Refused.class);
    }

    @Test
    void white_space_and_case_of_names_do_not_matter_in_headers() {
        SignedRequest spaced = mapHeader(without(get, "Accept"), "x-amz-meta", value -> "  " + value + "\t ");
        assertThat(verify(with(spaced, new Header("ACCEPT", " */*")))).isInstanceOf(Accepted.class);
    }

    @Test
    void unsigned_amz_header_is_refused_and_others_are_let_through() {
        assertRefused(with(get, new Header("X-Amz-Security-Token", "t")), Reason.INVALID_SIGNATURE, "not signed");
        assertRefused(with(presigned, new Header("x-amz-meta", "t")), Reason.INVALID_SIGNATURE, "'x-amz-meta' must");
        assertThat(verify(with(get, new Header("User-Agent", "curl")))).isInstanceOf(Accepted.class);
    }

    @Test
    void unsigned_payload_is_refused() {
        // given: signed rightly, but for the body
        SignedRequest sloppy =
                signer.signWithoutPayload(Call.post(URI.create("https://api.example.com/Prod/invoke"), bytes("{}")));
        assertThat(sloppy.headers()).anyMatch(header -> header.value().equals("UNSIGNED-PAYLOAD"));

        // then
        assertMismatch(sloppy);
        assertThat(verify(mapHeader(post, "x-amz-content-sha256", value -> "UNSIGNED-PAYLOAD")))
                .isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            /20150830/                  | /20150829/                    | Date in Credential scope does not match YYYYMMDD
            /20150830/                  | /2015/                        | Date in Credential scope does not match YYYYMMDD
            /us-east-1/                 | /us-east-2/                   | Credential should be scoped to a valid region, not 'us-east-2'.
            /execute-api/               | /iotdevicegateway/            | Credential should be scoped to correct service: 'execute-api'.
            /aws4_request               | /aws4                         | Credential should be scoped with a valid terminator: 'aws4_request', not 'aws4'.
            x-amz-date;x-amz-meta       | x-amz-date                    | There were headers present
            SignedHeaders=accept;host;  | SignedHeaders=accept;         | 'Host' or ':authority' must be a 'SignedHeader'
            SignedHeaders=accept;host   | SignedHeaders=host;accept     | must be lower case, sorted
            SignedHeaders=accept;host   | SignedHeaders=Accept;host     | must be lower case, sorted
            SignedHeaders=accept;host   | SignedHeaders=accept;host;host | must be lower case, sorted
            SignedHeaders=accept;       | SignedHeaders=absent;accept;  | the request has no such header
            """)
    void scope_and_signed_headers_are_checked(String part, String replacement, String message) {
        assertRefused(authorization(get, part, replacement), Reason.INVALID_SIGNATURE, message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            AWS4-HMAC-SHA256 Credential | AWS4-HMAC-SHA25 Credential | Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only AWS4-HMAC-SHA256 for now).
            Credential=                 | Credentials=               | Authorization header requires 'Credential' parameter.
            Signature=                  | Signatur=                  | Authorization header requires 'Signature' parameter.
            SignedHeaders=              | Headers=                   | Authorization header requires 'SignedHeaders' parameter.
            Signature=                  | Signature                  | Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '
            /us-east-1/                 | /                          | Credential must have exactly 5 slash-delimited elements
            Signature=                  | Signature=a, Signature=    | only once
            """)
    void incomplete_authorization_is_refused(String part, String replacement, String message) {
        assertRefused(authorization(get, part, replacement), Reason.INCOMPLETE_SIGNATURE, message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer abc", "", "Basic", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 ,,,", "=,=,="})
    void foreign_authorization_is_incomplete(String value) {
        assertThat(verify(mapHeader(get, "Authorization", old -> value)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.INCOMPLETE_SIGNATURE));
    }

    @Test
    void signature_must_be_all_of_the_right_one_in_lower_case() {
        SignedRequest upper = mapHeader(get, "Authorization", value -> {
            int at = value.indexOf("Signature=") + "Signature=".length();
            return value.substring(0, at) + value.substring(at).toUpperCase(Locale.ROOT);
        });
        assertMismatch(upper);
        assertMismatch(mapHeader(get, "Authorization", value -> value.substring(0, value.length() - 1)));
        assertMismatch(mapHeader(get, "Authorization", value -> value + "0"));
    }

    @Test
    void authorization_without_space_after_commas_is_understood() {
        assertThat(verify(mapHeader(get, "Authorization", value -> value.replace(", ", ","))))
                .isInstanceOf(Accepted.class);
    }

    @Test
    void unknown_key_is_refused() {
        assertThat(verify(authorization(get, "AKIDEXAMPLE", "AKIDANOTHER")))
                .isEqualTo(new Refused(Reason.UNKNOWN_KEY, "The security token included in the request is invalid."));
    }

    @Test
    void another_secret_does_not_match() {
        SignedRequest foreign =
                new SdkSigner(AccessKey.of(CALLER, "other"), REGION, "execute-api", TIME).sign(Call.get(URL));
        assertMismatch(foreign);
    }

    @Test
    void session_token_must_be_the_expected_one_and_signed() {
        AccessKey session = new AccessKey(SECRET, "token/+=", CALLER);
        SdkSigner sessionSigner = new SdkSigner(session, REGION, "execute-api", TIME);
        SigV4Verifier verifier = verifier(session, TIME);
        SignedRequest signed = sessionSigner.sign(Call.get(URL));
        SignedRequest url = sessionSigner.presign(Call.get(URL), Duration.ofMinutes(1));

        assertThat(verifier.verify(signed)).isInstanceOf(Accepted.class);
        assertThat(verifier.verify(url)).isInstanceOf(Accepted.class);
        assertThat(verifier.verify(get))
                .isEqualTo(new Refused(Reason.UNKNOWN_KEY, "The security token included in the request is invalid."));
        assertThat(verify(signed))
                .isEqualTo(new Refused(Reason.UNKNOWN_KEY, "The security token included in the request is invalid."));
        assertThat(verifier.verify(mapHeader(signed, "X-Amz-Security-Token", value -> "other")))
                .isInstanceOf(Refused.class);
        assertThat(verifier.verify(query(url, "X-Amz-Security-Token=token", "X-Amz-Security-Token=other")))
                .isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @CsvSource({"-300,true", "-301,false", "0,true", "300,true", "301,false"})
    void header_signature_is_good_for_five_minutes_before_and_after(long secondsLater, boolean accepted) {
        Verdict verdict = verifier(KEY, TIME.plusSeconds(secondsLater)).verify(get);
        assertThat(verdict instanceof Accepted).isEqualTo(accepted);
    }

    @Test
    void stale_and_early_dates_are_told_apart() {
        assertThat(verifier(KEY, TIME.plus(Duration.ofMinutes(15))).verify(get))
                .isEqualTo(new Refused(
                        Reason.INVALID_SIGNATURE,
                        "Signature expired: 20150830T123600Z is now earlier than 20150830T124600Z"
                                + " (20150830T125100Z - 5 min.)"));
        assertThat(verifier(KEY, TIME.minus(Duration.ofMinutes(15))).verify(get))
                .isEqualTo(new Refused(
                        Reason.INVALID_SIGNATURE,
                        "Signature not yet current: 20150830T123600Z is still later than 20150830T122600Z"
                                + " (20150830T122100Z + 5 min.)"));
    }

    @ParameterizedTest
    @CsvSource({"-301,false", "-300,true", "899,true", "900,true", "901,false"})
    void presigned_url_is_good_until_it_expires(long secondsLater, boolean accepted) {
        Verdict verdict = verifier(KEY, TIME.plusSeconds(secondsLater)).verify(presigned);
        assertThat(verdict instanceof Accepted).isEqualTo(accepted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "604801", "-1", "", "1e3", "9999999999", "٣"})
    void expiry_out_of_range_is_refused(String expires) {
        assertRefused(
                query(presigned, "X-Amz-Expires=900", "X-Amz-Expires=" + expires),
                Reason.INCOMPLETE_SIGNATURE,
                "X-Amz-Expires");
    }

    @Test
    void longest_expiry_is_seven_days() {
        SignedRequest week = signer.presign(Call.get(URL), Duration.ofDays(7));
        assertThat(verifier(KEY, TIME.plus(Duration.ofDays(7))).verify(week)).isInstanceOf(Accepted.class);
        assertThat(verifier(KEY, TIME.plus(Duration.ofDays(7)).plusSeconds(1)).verify(week))
                .isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Signature"})
    void presigned_parameters_must_stand_exactly_once(String name) {
        assertRefused(
                query(presigned, name + "=", "x" + name + "="), Reason.INCOMPLETE_SIGNATURE, "must include '" + name);
        String twice = presigned.query() + "&" + name + "=a";
        assertRefused(
                new SignedRequest("GET", presigned.path(), twice, presigned.headers(), presigned.body()),
                Reason.INCOMPLETE_SIGNATURE,
                "'" + name + "' must stand only once");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            X-Amz-Expires=900             | X-Amz-Expires=901
            target=mydevice01             | target=mydevice02
            X-Amz-SignedHeaders=host      | X-Amz-SignedHeaders=host%3Baccept
            X-Amz-Date=20150830T123600Z   | X-Amz-Date=20150830T123601Z
            AKIDEXAMPLE                   | AKIDANOTHER
            us-east-1                     | us-east-2
            """)
    void presigned_parameters_are_signed(String part, String replacement) {
        assertThat(verify(query(presigned, part, replacement))).isInstanceOf(Refused.class);
    }

    @Test
    void encoded_name_does_not_hide_a_parameter() {
        assertRefused(
                new SignedRequest(
                        "GET",
                        presigned.path(),
                        presigned.query() + "&X-Amz-Signatur%65=a",
                        presigned.headers(),
                        presigned.body()),
                Reason.INCOMPLETE_SIGNATURE,
                "only once");
    }

    @Test
    void two_signatures_are_refused() {
        SignedRequest both = new SignedRequest("GET", presigned.path(), presigned.query(), get.headers(), new byte[0]);
        assertRefused(
                both,
                Reason.INVALID_SIGNATURE,
                "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization'");
        assertRefused(
                with(get, new Header("authorization", "a")),
                Reason.INCOMPLETE_SIGNATURE,
                "'Authorization' must stand only once");
        assertRefused(
                with(get, new Header("X-AMZ-DATE", "a")),
                Reason.INCOMPLETE_SIGNATURE,
                "'X-Amz-Date' must stand only once");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2015-08-30T12:36:00Z",
                "20150830",
                "20151330T123600Z",
                "20150830T1236000",
                "2015083xT123600Z",
                "20150830T126000Z"
            })
    void date_must_be_in_basic_format(String date) {
        assertRefused(
                mapHeader(get, "x-amz-date", old -> date),
                Reason.INCOMPLETE_SIGNATURE,
                "ISO-8601 'basic format'. Got '" + date);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "%zz", "a=%4", "a=%", "%+1=a"})
    void broken_percent_encoding_is_refused(String query) {
        assertRefused(
                new SignedRequest("GET", get.path(), query, get.headers(), get.body()),
                Reason.INCOMPLETE_SIGNATURE,
                "escape (%) pattern");
    }

    @Test
    void encoded_path_is_signed_as_sent_and_encoded_once_more() {
        // given
        SignedRequest encoded = signer.sign(Call.get(URI.create("http://127.0.0.1/Prod/a%20b/%C3%A4")));

        // then
        assertThat(verify(encoded)).isInstanceOf(Accepted.class);
        assertThat(CanonicalPath.of("/Prod/%C3%A4", EXECUTE_API.path())).isEqualTo("/Prod/%25C3%25A4");
        assertMismatch(
                new SignedRequest("GET", encoded.path().replace("%C3", "%c3"), "", encoded.headers(), new byte[0]));
    }

    @Test
    void secrets_stay_out_of_text_forms() {
        assertThat(new AccessKey(SECRET, "token", CALLER).toString()).doesNotContain(SECRET, "token");
    }

    @Test
    void settings_refuse_what_makes_no_sense() {
        assertThatThrownBy(() -> SigV4Settings.of(REGION)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SigV4Settings(REGION, List.of(EXECUTE_API), Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Verdict verify(SignedRequest request) {
        return verifier(KEY, TIME).verify(request);
    }

    private static SigV4Verifier verifier(AccessKey key, Instant now) {
        return new SigV4Verifier(SigV4Settings.of(REGION, EXECUTE_API), AccessKeys.only(key), InstantSource.fixed(now));
    }

    private static void assertMismatch(SignedRequest request) {
        assertRefused(request, Reason.INVALID_SIGNATURE, MISMATCH);
    }

    private static void assertRefused(SignedRequest request, Reason reason, String message) {
        assertThat(verify(request)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.message()).contains(message);
            assertThat(refused.reason()).isEqualTo(reason);
        });
    }

    private static SignedRequest authorization(SignedRequest request, String part, String replacement) {
        return mapHeader(request, "Authorization", value -> {
            assertThat(value).contains(part);
            return value.replace(part, replacement);
        });
    }

    private static SignedRequest query(SignedRequest request, String part, String replacement) {
        assertThat(request.query()).contains(part);
        return new SignedRequest(
                request.method(),
                request.path(),
                request.query().replace(part, replacement),
                request.headers(),
                request.body());
    }

    private static SignedRequest mapHeader(SignedRequest request, String name, UnaryOperator<String> change) {
        List<Header> headers = new ArrayList<>();
        boolean found = false;
        for (Header header : request.headers()) {
            boolean same = header.name().equalsIgnoreCase(name);
            headers.add(same ? new Header(header.name(), change.apply(header.value())) : header);
            found |= same;
        }
        assertThat(found).as(name).isTrue();
        return new SignedRequest(request.method(), request.path(), request.query(), headers, request.body());
    }

    private static SignedRequest with(SignedRequest request, Header header) {
        List<Header> headers = new ArrayList<>(request.headers());
        headers.add(header);
        return new SignedRequest(request.method(), request.path(), request.query(), headers, request.body());
    }

    private static SignedRequest without(SignedRequest request, String name) {
        List<Header> headers = request.headers().stream()
                .filter(header -> !header.name().equalsIgnoreCase(name))
                .toList();
        return new SignedRequest(request.method(), request.path(), request.query(), headers, request.body());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
