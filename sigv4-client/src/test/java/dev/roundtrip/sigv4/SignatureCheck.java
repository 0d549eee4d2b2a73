package dev.roundtrip.sigv4;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs a received request once more, from the specification alone ("Create a signed AWS API request"), and compares.
 */
final class SignatureCheck {
    private final String secretKey;

    SignatureCheck(String secretKey) {
        this.secretKey = secretKey;
    }

    /** Whether the request carries the signature that it should, in a header or in its query. */
    boolean accepts(ReceivedRequest request) {
        return request.headers().containsKey("Authorization") ? acceptsHeader(request) : acceptsQuery(request);
    }

    private boolean acceptsHeader(ReceivedRequest request) {
        String[] parts = request.header("Authorization").split("[ ,]+", -1);
        String scope = parts[1].substring(parts[1].indexOf('/') + 1);
        String signedHeaders = value(parts[2]);
        String expected = sign(request, request.query(), scope, request.header("X-Amz-Date"), signedHeaders);
        return parts[0].equals("AWS4-HMAC-SHA256") && expected.equals(value(parts[3]));
    }

    private boolean acceptsQuery(ReceivedRequest request) {
        List<String> parameters = List.of(request.query().split("&", -1));
        String unsigned = parameters.stream()
                .filter(each -> !each.startsWith("X-Amz-Signature="))
                .collect(Collectors.joining("&"));
        String credential = parameter(parameters, "X-Amz-Credential").replace("%2F", "/");
        String scope = credential.substring(credential.indexOf('/') + 1);
        String signedHeaders = parameter(parameters, "X-Amz-SignedHeaders").replace("%3B", ";");
        String expected = sign(request, unsigned, scope, parameter(parameters, "X-Amz-Date"), signedHeaders);
        return expected.equals(parameter(parameters, "X-Amz-Signature"));
    }

    private String sign(ReceivedRequest request, String query, String scope, String date, String signedHeaders) {
        String headers = Arrays.stream(signedHeaders.split(";", -1))
                .map(name -> name + ":" + canonicalValue(request, name) + "\n")
                .collect(Collectors.joining());
        String canonical = String.join(
                "\n",
                request.method(),
                canonicalPath(request.path()),
                canonicalQuery(query),
                headers,
                signedHeaders,
                hex(sha256(request.body())));
        String toSign = String.join("\n", "AWS4-HMAC-SHA256", date, scope, hex(sha256(bytes(canonical))));
        byte[] key = bytes("AWS4" + secretKey);
        for (String part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        return hex(hmac(key, toSign));
    }

    private static String canonicalValue(ReceivedRequest request, String name) {
        List<String> values = request.headers().get(name);
        if (values == null) {
            return "(the signed header " + name + " was not sent)";
        }
        return values.stream().map(value -> value.strip().replaceAll(" +", " ")).collect(Collectors.joining(","));
    }

    /** Encodes the received path once more, after repeated slashes are folded. */
    private static String canonicalPath(String path) {
        StringBuilder encoded = new StringBuilder();
        for (byte each : bytes(path.replaceAll("/+", "/"))) {
            String character = String.valueOf((char) each);
            encoded.append(
                    character.matches("[A-Za-z0-9._~/-]") ? character : String.format(Locale.ROOT, "%%%02X", each));
        }
        return encoded.toString();
    }

    private static String canonicalQuery(String query) {
        return Arrays.stream(query.split("&", -1))
                .sorted(Comparator.comparing((String each) -> each.split("=", 2)[0])
                        .thenComparing(each -> each))
                .collect(Collectors.joining("&"));
    }

    private static String parameter(List<String> parameters, String name) {
        return value(parameters.stream()
                .filter(each -> each.startsWith(name + "="))
                .findFirst()
                .orElseThrow());
    }

    private static String value(String assignment) {
        return assignment.substring(assignment.indexOf('=') + 1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
