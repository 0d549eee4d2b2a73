package dev.roundtrip.auth.sigv4;

import dev.roundtrip.auth.sigv4.ParsedAuthorization.Placement;
import dev.roundtrip.auth.sigv4.ParsedAuthorization.Validity;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.auth.sigv4.Verdict.Refused;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a request says about its signature, from its headers or from its query. */
final class AuthorizationReader {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private AuthorizationReader() {}

    /** @throws RefusalException when the request is not signed, or a part of the signature is absent or cannot be read
     */
    static ParsedAuthorization read(SignedRequest request, QueryParameters query) throws RefusalException {
        Optional<String> authorization = header(request, "Authorization");
        boolean presigned = query.contains(AmzName.ALGORITHM);
        if (authorization.isPresent() && presigned) {
            throw RefusalException.invalid(
                    "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
        }
        if (presigned) {
            return fromQuery(query);
        }
        if (authorization.isPresent()) {
            return fromHeaders(request, authorization.get());
        }
        throw new RefusalException(Refused.missingToken());
    }

    private static ParsedAuthorization fromHeaders(SignedRequest request, String authorization)
            throws RefusalException {
        AuthorizationHeader parts = AuthorizationHeader.parse(authorization);
        Optional<String> amzDate = header(request, AmzName.DATE);
        Optional<String> date = amzDate.isPresent() ? amzDate : header(request, "Date");
        if (parts.credential() == null
                || parts.signature() == null
                || parts.signedHeaders() == null
                || date.isEmpty()) {
            throw RefusalException.incomplete(
                    absent("Authorization header requires 'Credential' parameter. ", parts.credential())
                            + absent("Authorization header requires 'Signature' parameter. ", parts.signature())
                            + absent("Authorization header requires 'SignedHeaders' parameter. ", parts.signedHeaders())
                            + absent(
                                    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date'"
                                            + " header. ",
                                    date.orElse(null))
                            + "(Hashed with SHA-256 and encoded with Base64) Authorization="
                            + AuthorizationHeader.fingerprint(authorization));
        }
        requireAlgorithm(parts.algorithm());
        String[] credential = credential(parts.credential());
        return new ParsedAuthorization(
                credential[0],
                scope(credential),
                date.get(),
                BasicDate.parse(date.get()),
                new Validity.WithinClockSkew(),
                parts.signedHeaders(),
                parts.signature(),
                header(request, AmzName.SECURITY_TOKEN).orElse(""),
                Placement.HEADERS);
    }

    private static ParsedAuthorization fromQuery(QueryParameters query) throws RefusalException {
        String algorithm = present(query, AmzName.ALGORITHM);
        String credentialText = present(query, AmzName.CREDENTIAL);
        String signature = present(query, AmzName.SIGNATURE);
        String signedHeaders = present(query, AmzName.SIGNED_HEADERS);
        String date = present(query, AmzName.DATE);
        requireAlgorithm(algorithm);
        String[] credential = credential(credentialText);
        Optional<String> expires = query.single(AmzName.EXPIRES);
        return new ParsedAuthorization(
                credential[0],
                scope(credential),
                date,
                BasicDate.parse(date),
                expires.isPresent() ? expiry(expires.get()) : new Validity.WithinClockSkew(),
                signedHeaders,
                signature,
                query.single(AmzName.SECURITY_TOKEN).orElse(""),
                Placement.QUERY);
    }

    /** The value of a header that may stand once. */
    private static Optional<String> header(SignedRequest request, String name) throws RefusalException {
        String found = null;
        for (Header header : request.headers()) {
            if (header.name().equalsIgnoreCase(name)) {
                if (found != null) {
                    throw RefusalException.incomplete("Header '" + name + "' must stand only once.");
                }
                found = header.value().trim();
            }
        }
        return Optional.ofNullable(found);
    }

    private static String present(QueryParameters query, String name) throws RefusalException {
        String value = query.single(name).orElse("");
        if (value.isEmpty()) {
            throw RefusalException.incomplete(
                    "AWS query-string parameters must include '" + name + "'. Re-examine the query-string parameters.");
        }
        return value;
    }

    private static String absent(String message, @Nullable String value) {
        return value == null ? message : "";
    }

    private static void requireAlgorithm(String algorithm) throws RefusalException {
        if (!algorithm.equals(ALGORITHM)) {
            throw RefusalException.incomplete(
                    "Unsupported AWS 'algorithm': '" + algorithm + "' (only AWS4-HMAC-SHA256 for now). ");
        }
    }

    /** The five parts of a credential: key id, date, region, service, terminator. */
    private static String[] credential(String text) throws RefusalException {
        String[] parts = text.split("/", -1);
        if (parts.length != 5) {
            throw RefusalException.incomplete("Credential must have exactly 5 slash-delimited elements,"
                    + " e.g. keyid/date/region/service/term, got '" + text + "'");
        }
        return parts;
    }

    private static CredentialScope scope(String[] credential) {
        return new CredentialScope(credential[1], credential[2], credential[3], credential[4]);
    }

    private static Validity expiry(String text) throws RefusalException {
        boolean digits = !text.isEmpty() && text.length() <= 6 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int seconds = digits ? Integer.parseInt(text) : 0;
        if (seconds < 1 || seconds > Validity.Expires.MAX_SECONDS) {
            throw RefusalException.incomplete("X-Amz-Expires must be a number of seconds from 1 to "
                    + Validity.Expires.MAX_SECONDS + ", got '" + text + "'");
        }
        return new Validity.Expires(seconds);
    }
}
