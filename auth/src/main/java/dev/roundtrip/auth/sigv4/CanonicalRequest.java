package dev.roundtrip.auth.sigv4;

import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import java.nio.charset.StandardCharsets;

/** The canonical request: the one text that signer and verifier must agree on.
 *
 * @param text one byte in each character
 */
record CanonicalRequest(String text) {

    /** Builds it from the request as it came, whatever the claim says that it should be.
     *
     * @throws RefusalException when a header that was signed is not there
     */
    static CanonicalRequest of(
            SignedRequest request, QueryParameters query, ParsedAuthorization authorization, SigningService service)
            throws RefusalException {
        StringBuilder text = new StringBuilder(1024);
        text.append(request.method()).append('\n');
        text.append(CanonicalPath.of(request.path(), service.path())).append('\n');
        query.appendTo(text, authorization.placement().unsignedParameters(service.sessionToken()));
        text.append('\n');
        String names = authorization.signedHeaders();
        for (int from = 0; from <= names.length(); ) {
            int semicolon = names.indexOf(';', from);
            int to = semicolon < 0 ? names.length() : semicolon;
            appendHeader(text, request, names.substring(from, to));
            from = to + 1;
        }
        text.append('\n').append(names).append('\n').append(Sha256.hex(request.body()));
        return new CanonicalRequest(text.toString());
    }

    /** The text that is signed. */
    String stringToSign(ParsedAuthorization authorization) {
        String hash = Sha256.hex(text.getBytes(StandardCharsets.ISO_8859_1));
        return "AWS4-HMAC-SHA256\n" + authorization.date() + '\n' + authorization.scope() + '\n' + hash;
    }

    private static void appendHeader(StringBuilder text, SignedRequest request, String name) throws RefusalException {
        text.append(name);
        char separator = ':';
        for (Header header : request.headers()) {
            if (header.name().equalsIgnoreCase(name)) {
                text.append(separator);
                appendCollapsed(text, header.value());
                separator = ',';
            }
        }
        if (separator == ':') {
            throw RefusalException.invalid(
                    "'" + name + "' is a 'SignedHeader' in the AWS Authorization, but the request has no such header.");
        }
        text.append('\n');
    }

    /** Appends the value without white space around it, and with one space where it has more. */
    private static void appendCollapsed(StringBuilder text, String value) {
        boolean space = false;
        int start = text.length();
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            if (character == ' ' || (character >= '\t' && character <= '\r')) {
                space = true;
            } else {
                if (space && text.length() > start) {
                    text.append(' ');
                }
                space = false;
                text.append(character);
            }
        }
    }
}
