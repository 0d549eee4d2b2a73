package dev.roundtrip.auth.sigv4;

import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads a request as the public signing suite writes it down: lines end with LF, and a header may go on in the next
 * line.
 */
final class WireRequest {
    private WireRequest() {}

    static SignedRequest parse(String text) {
        int end = text.indexOf("\n\n");
        String[] lines = (end < 0 ? text.stripTrailing() : text.substring(0, end)).split("\n");
        String body = end < 0 ? "" : text.substring(end + 2);
        String method = lines[0].substring(0, lines[0].indexOf(' '));
        String target = lines[0].substring(lines[0].indexOf(' ') + 1, lines[0].lastIndexOf(' '));
        int question = target.indexOf('?');
        return new SignedRequest(
                method,
                question < 0 ? target : target.substring(0, question),
                question < 0 ? "" : target.substring(question + 1),
                headers(lines),
                body.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<Header> headers(String[] lines) {
        List<Header> headers = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            if (lines[i].startsWith(" ")) {
                Header folded = headers.removeLast();
                headers.add(new Header(folded.name(), folded.value() + "\n" + lines[i]));
            } else {
                int colon = lines[i].indexOf(':');
                headers.add(new Header(lines[i].substring(0, colon), lines[i].substring(colon + 1)));
            }
        }
        return headers;
    }
}
