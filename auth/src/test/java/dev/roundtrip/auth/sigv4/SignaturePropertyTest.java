package dev.roundtrip.auth.sigv4;

import static dev.roundtrip.auth.sigv4.Examples.KEY;
import static dev.roundtrip.auth.sigv4.Examples.REGION;
import static dev.roundtrip.auth.sigv4.Examples.SECRET;
import static dev.roundtrip.auth.sigv4.Examples.TIME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.auth.sigv4.SdkSigner.Call;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.auth.sigv4.Verdict.Accepted;
import dev.roundtrip.auth.sigv4.Verdict.Refused;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever the AWS SDK signs is accepted, and nothing that differs from it in one byte. */
final class SignaturePropertyTest {
    private static final AccessKey SESSION_KEY = new AccessKey(SECRET, "session/token+==", Examples.CALLER);

    private final SigV4Verifier verifier = verifier(KEY);

    @Property(tries = 300)
    void what_the_sdk_signs_is_accepted(@ForAll("calls") Call call) {
        SdkSigner signer = new SdkSigner(KEY, REGION, "execute-api", TIME);
        assertThat(verifier.verify(signer.sign(call))).isInstanceOf(Accepted.class);
        assertThat(verifier.verify(signer.presign(withoutBody(call), Duration.ofSeconds(60))))
                .isInstanceOf(Accepted.class);
    }

    @Property(tries = 100)
    void what_the_sdk_signs_with_a_session_is_accepted(@ForAll("calls") Call call) {
        SdkSigner signer = new SdkSigner(SESSION_KEY, REGION, "execute-api", TIME);
        assertThat(verifier(SESSION_KEY).verify(signer.sign(call))).isInstanceOf(Accepted.class);
        assertThat(verifier(SESSION_KEY).verify(signer.presign(withoutBody(call), Duration.ofSeconds(60))))
                .isInstanceOf(Accepted.class);
    }

    @Property(tries = 1000)
    void one_other_byte_is_refused(
            @ForAll("calls") Call call,
            @ForAll Part part,
            @ForAll @IntRange(max = 10_000) int position,
            @ForAll("visible") char byteTo) {
        // given
        SignedRequest signed = new SdkSigner(KEY, REGION, "execute-api", TIME).sign(call);

        // when
        SignedRequest tampered = part.change(signed, position, byteTo);

        // then
        if (meansTheSame(signed, tampered)) {
            assertThat(verifier.verify(tampered)).isInstanceOf(Accepted.class);
        } else {
            assertThat(verifier.verify(tampered)).isInstanceOf(Refused.class);
        }
    }

    /** Whether a server would read both requests alike: decoded parameters, trimmed values, case of header names. */
    private static boolean meansTheSame(SignedRequest signed, SignedRequest tampered) {
        return signed.method().equals(tampered.method())
                && signed.path().equals(tampered.path())
                && parameters(signed.query()).equals(parameters(tampered.query()))
                && headers(signed).equals(headers(tampered))
                && Arrays.equals(signed.body(), tampered.body());
    }

    private static List<String> parameters(String query) {
        List<String> parameters = new ArrayList<>();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                String[] halves = pair.split("=", 2);
                parameters.add(decode(halves[0]) + "\0" + (halves.length > 1 ? decode(halves[1]) : ""));
            }
        }
        parameters.sort(null);
        return parameters;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return "broken: " + text;
        }
    }

    private static Map<String, List<String>> headers(SignedRequest request) {
        return request.headers().stream()
                .collect(Collectors.groupingBy(
                        header -> header.name().toLowerCase(Locale.ROOT),
                        Collectors.mapping(
                                header -> header.value().trim().replaceAll("\\s+", " "), Collectors.toList())));
    }

    /** Where one byte is changed. */
    enum Part {
        METHOD {
            @Override
            SignedRequest change(SignedRequest signed, int position, char byteTo) {
                return copy(signed, replace(signed.method(), position, byteTo), signed.path(), signed.query());
            }
        },
        PATH {
            @Override
            SignedRequest change(SignedRequest signed, int position, char byteTo) {
                return copy(signed, signed.method(), replace(signed.path(), position, byteTo), signed.query());
            }
        },
        QUERY {
            @Override
            SignedRequest change(SignedRequest signed, int position, char byteTo) {
                return copy(signed, signed.method(), signed.path(), replace(signed.query(), position, byteTo));
            }
        },
        HEADER_VALUE {
            @Override
            SignedRequest change(SignedRequest signed, int position, char byteTo) {
                List<Header> headers = new ArrayList<>(signed.headers());
                int index = position % headers.size();
                Header old = headers.get(index);
                headers.set(index, new Header(old.name(), replace(old.value(), position / headers.size(), byteTo)));
                return new SignedRequest(signed.method(), signed.path(), signed.query(), headers, signed.body());
            }
        },
        BODY {
            @Override
            SignedRequest change(SignedRequest signed, int position, char byteTo) {
                byte[] body = signed.body().clone();
                if (body.length > 0) {
                    body[position % body.length] = (byte) byteTo;
                }
                return new SignedRequest(signed.method(), signed.path(), signed.query(), signed.headers(), body);
            }
        };

        abstract SignedRequest change(SignedRequest signed, int position, char byteTo);

        private static String replace(String text, int position, char byteTo) {
            if (text.isEmpty()) {
                return text;
            }
            int at = position % text.length();
            return text.substring(0, at) + byteTo + text.substring(at + 1);
        }

        private static SignedRequest copy(SignedRequest signed, String method, String path, String query) {
            return new SignedRequest(method, path, query, signed.headers(), signed.body());
        }
    }

    @Provide
    Arbitrary<Character> visible() {
        return Arbitraries.chars().range('!', '~');
    }

    @Provide
    Arbitrary<Call> calls() {
        Arbitrary<String> method = Arbitraries.of("GET", "POST", "PUT", "DELETE");
        Arbitrary<String> text =
                Arbitraries.strings().ofMinLength(1).ofMaxLength(12).filter(SignaturePropertyTest::isWellFormed);
        Arbitrary<String> segment = Arbitraries.of("Prod", "invoke", "a%20b", "x.y", "%C3%A4", "~_-", "%2F");
        Arbitrary<String> path = segment.list().ofMaxSize(4).map(segments -> "/" + String.join("/", segments));
        Arbitrary<String> query = Combinators.combine(text, text.injectDuplicates(0.2))
                .as((name, value) -> encode(name) + "=" + encode(value))
                .list()
                .ofMaxSize(5)
                .map(pairs -> String.join("&", pairs));
        Arbitrary<List<Header>> headers = Arbitraries.strings()
                .withCharRange(' ', '~')
                .ofMinLength(1)
                .ofMaxLength(20)
                .filter(value -> !value.isBlank())
                .map(value -> new Header("X-Test", value))
                .list()
                .ofMaxSize(1);
        Arbitrary<byte[]> body = Arbitraries.bytes().array(byte[].class).ofMaxSize(40);
        return Combinators.combine(method, path, query, headers, body)
                .as((verb, where, what, more, payload) -> new Call(
                        verb,
                        URI.create("http://127.0.0.1:8080" + where + (what.isEmpty() ? "" : "?" + what)),
                        more,
                        verb.equals("GET") ? new byte[0] : payload));
    }

    private static Call withoutBody(Call call) {
        return new Call(call.method(), call.uri(), call.headers(), new byte[0]);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static boolean isWellFormed(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static SigV4Verifier verifier(AccessKey key) {
        return new SigV4Verifier(
                SigV4Settings.of(REGION, SigningService.EXECUTE_API), AccessKeys.only(key), InstantSource.fixed(TIME));
    }
}
