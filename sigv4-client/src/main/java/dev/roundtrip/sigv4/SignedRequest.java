package dev.roundtrip.sigv4;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;

/** A request that carries its signature, exactly as it goes over the wire. AWS takes it for about five minutes, a
 * presigned one as long as its signer said.
 *
 * @param method upper case
 * @param uri encoded as it is sent
 * @param headers every header but those that HTTP adds itself ({@code Content-Length}); {@code Host} is the first
 * @param body empty when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // A body is sent, never compared.
public record SignedRequest(String method, URI uri, List<HeaderLine> headers, byte[] body) {

    /** Copies the list of headers. */
    public SignedRequest {
        headers = List.copyOf(headers);
    }

    /** The same request for {@link HttpClient}, in HTTP/1.1. */
    public HttpRequest toHttpRequest() {
        BodyPublisher publisher = body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1).method(method, publisher);
        headers.stream()
                .filter(header -> !header.is("Host")) // the client derives the very same from the address
                .forEach(header -> builder.header(header.name(), header.value()));
        return builder.build();
    }

    /** Method, address and headers without the session token of a header. */
    @Override
    public String toString() {
        return method + " " + uri.getRawPath() + " " + headers;
    }
}
