package dev.roundtrip.sigv4;

import java.util.ArrayList;
import java.util.List;

/** Shows a signed request as it goes over the wire, but for the session token. */
final class RequestText {
    private RequestText() {}

    /** The request line and the headers. */
    static List<String> head(SignedRequest request) {
        String query = request.uri().getRawQuery();
        List<String> lines = new ArrayList<>();
        lines.add(
                request.method() + " " + request.uri().getRawPath() + (query == null ? "" : "?" + query) + " HTTP/1.1");
        request.headers().forEach(header -> lines.add(header.toString()));
        if (request.body().length > 0) {
            lines.add("Content-Length: " + request.body().length);
        }
        return lines;
    }
}
