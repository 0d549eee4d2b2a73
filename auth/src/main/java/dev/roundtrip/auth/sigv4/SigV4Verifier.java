package dev.roundtrip.auth.sigv4;

import dev.roundtrip.auth.sigv4.ParsedAuthorization.Placement;
import dev.roundtrip.auth.sigv4.ParsedAuthorization.Validity;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.auth.sigv4.SigningService.SessionTokenForm;
import dev.roundtrip.auth.sigv4.Verdict.Accepted;
import dev.roundtrip.auth.sigv4.Verdict.Refused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Decides whether a request carries a right AWS Signature Version 4, in its headers or in its query.
 *
 * <p>The body is always part of what is verified: {@code UNSIGNED-PAYLOAD} is refused. Every {@code x-amz-*} header
 * must be signed, as the documentation of Signature Version 4 demands. The checks and their messages stand in the order
 * in which AWS answers them. Safe for use by many threads; it never blocks.
 */
public final class SigV4Verifier {

    /** How far a signer's clock may be off; AWS names it in its messages: {@code (20150830T125100Z - 5 min.)}. */
    public static final Duration DEFAULT_CLOCK_SKEW = Duration.ofMinutes(5);

    private final SigV4Settings settings;
    private final AccessKeys accessKeys;
    private final InstantSource clock;
    private final SigningKeys signingKeys = new SigningKeys();

    public SigV4Verifier(SigV4Settings settings, AccessKeys accessKeys, InstantSource clock) {
        this.settings = settings;
        this.accessKeys = accessKeys;
        this.clock = clock;
    }

    /** Judges one request; never throws for what a caller sent. */
    public Verdict verify(SignedRequest request) {
        try {
            QueryParameters query = QueryParameters.parse(request.query());
            ParsedAuthorization authorization = AuthorizationReader.read(request, query);
            checkTime(authorization);
            SignedHeaders.check(authorization.signedHeaders());
            SigningService service = checkScope(authorization);
            checkAmzHeaders(request, authorization, service);
            AccessKey key = accessKeys.find(authorization.accessKeyId()).orElseThrow(SigV4Verifier::unknownKey);
            checkSignature(CanonicalRequest.of(request, query, authorization, service), authorization, key);
            if (!equal(key.sessionToken(), authorization.sessionToken())) {
                throw unknownKey();
            }
            return new Accepted(key.caller());
        } catch (RefusalException e) {
            return e.refused();
        }
    }

    private void checkTime(ParsedAuthorization authorization) throws RefusalException {
        Instant now = clock.instant();
        Duration skew = settings.clockSkew();
        if (authorization.time().isAfter(now.plus(skew))) {
            throw RefusalException.invalid("Signature not yet current: " + authorization.date()
                    + " is still later than " + BasicDate.format(now.plus(skew)) + " (" + BasicDate.format(now) + " + "
                    + describe(skew) + ")");
        }
        Duration validity = switch (authorization.validity()) {
            case Validity.WithinClockSkew within -> skew;
            case Validity.Expires expires -> Duration.ofSeconds(expires.seconds());
        };
        if (authorization.time().isBefore(now.minus(validity))) {
            throw RefusalException.invalid("Signature expired: " + authorization.date() + " is now earlier than "
                    + BasicDate.format(now.minus(validity)) + " (" + BasicDate.format(now) + " - " + describe(validity)
                    + ")");
        }
    }

    private SigningService checkScope(ParsedAuthorization authorization) throws RefusalException {
        CredentialScope scope = authorization.scope();
        SigningService service = null;
        for (SigningService accepted : settings.services()) {
            if (accepted.name().equals(scope.service())) {
                service = accepted;
            }
        }
        boolean right = scope.region().equals(settings.region())
                && scope.terminator().equals(CredentialScope.TERMINATOR)
                && authorization.date().startsWith(scope.date())
                && scope.date().length() == "yyyyMMdd".length();
        if (service == null || !right) {
            throw RefusalException.invalid(ScopeFault.describe(authorization, settings));
        }
        return service;
    }

    private static void checkAmzHeaders(
            SignedRequest request, ParsedAuthorization authorization, SigningService service) throws RefusalException {
        boolean tokenMayBeUnsigned = service.sessionToken() == SessionTokenForm.LEFT_OUT;
        for (Header header : request.headers()) {
            String name = header.name();
            if (name.regionMatches(true, 0, "x-amz-", 0, 6)
                    && !SignedHeaders.contains(authorization.signedHeaders(), name)) {
                boolean token =
                        authorization.placement() == Placement.HEADERS && name.equalsIgnoreCase(AmzName.SECURITY_TOKEN);
                if (!(token && tokenMayBeUnsigned)) {
                    throw RefusalException.invalid("There were headers present in the request which were not signed: '"
                            + name + "' must be a 'SignedHeader' in the AWS Authorization.");
                }
            }
        }
    }

    private void checkSignature(CanonicalRequest canonical, ParsedAuthorization authorization, AccessKey key)
            throws RefusalException {
        String stringToSign = canonical.stringToSign(authorization);
        if (!equal(signingKeys.sign(key.secret(), authorization.scope(), stringToSign), authorization.signature())) {
            throw RefusalException.invalid(
                    "The request signature we calculated does not match the signature you provided."
                            + " Check your AWS Secret Access Key and signing method."
                            + " Consult the service documentation for details.\n\n"
                            + "The Canonical String for this request should have been\n'" + canonical.text() + "'\n\n"
                            + "The String-to-Sign should have been\n'" + stringToSign + "'\n");
        }
    }

    /** Compares in a time that does not tell where the two differ. */
    private static boolean equal(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private static RefusalException unknownKey() {
        return new RefusalException(Refused.unknownKey());
    }

    private static String describe(Duration duration) {
        return duration.toSecondsPart() == 0 ? duration.toMinutes() + " min." : duration.toSeconds() + " sec.";
    }
}
