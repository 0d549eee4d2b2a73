package dev.roundtrip.benchmarks.hot;

import dev.roundtrip.auth.sigv4.AccessKey;
import dev.roundtrip.auth.sigv4.AccessKeys;
import dev.roundtrip.auth.sigv4.IamIdentity;
import dev.roundtrip.auth.sigv4.SigV4Settings;
import dev.roundtrip.auth.sigv4.SigV4Verifier;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SigningService;
import dev.roundtrip.auth.sigv4.Verdict;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.SigningScope;
import dev.roundtrip.sigv4.UnsignedRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** The API front verifies one call's signature. */
@State(Scope.Benchmark)
public class SignatureBenchmark {
    private static final String KEY = "AKIAIOSFODNN7EXAMPLE";
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private static final String REGION = "eu-central-1";

    private final Clock clock = Clock.fixed(Instant.parse("2026-11-20T12:00:00Z"), ZoneOffset.UTC);
    private final SigV4Verifier verifier = new SigV4Verifier(
            SigV4Settings.of(REGION, SigningService.EXECUTE_API),
            AccessKeys.only(AccessKey.of(
                    new IamIdentity(KEY, "123456789012", "AIDA", "arn:aws:iam::123456789012:user/a"), SECRET)),
            clock);
    private final SignedRequest request = request();

    private SignedRequest request() {
        RequestSigner signer = new RequestSigner(
                AwsCredentialsIdentity.create(KEY, SECRET), new SigningScope(REGION, SigningScope.EXECUTE_API), clock);
        var signed = signer.sign(UnsignedRequest.get(
                "http://127.0.0.1:8080/Prod/invoke?target=pump-1&method=start&request=my_request_1"));
        return new SignedRequest(
                signed.method(),
                signed.uri().getRawPath(),
                signed.uri().getRawQuery(),
                signed.headers().stream()
                        .map(header -> new SignedRequest.Header(header.name(), header.value()))
                        .toList(),
                signed.body());
    }

    /** Accepted. */
    @Benchmark
    public Verdict verifySignature() {
        Verdict verdict = verifier.verify(request);
        if (verdict instanceof Verdict.Refused refused) {
            throw new IllegalStateException("measures a refusal: " + refused);
        }
        return verdict;
    }
}
