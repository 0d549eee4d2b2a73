package dev.roundtrip.local.endtoend;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;

/** Has clients of AWS's SDK for Java use the HTTP client of the JDK: the SDK's own light one knows no PATCH. */
final class JdkSdkClient implements SdkHttpClient {
    /** Set by the JDK's client itself. */
    private static final Set<String> OWN = Set.of("host", "content-length", "connection", "expect");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest asked) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                return send(asked);
            }

            @Override
            public void abort() {
                // The tests do not.
            }
        };
    }

    private HttpExecuteResponse send(HttpExecuteRequest asked) throws IOException {
        SdkHttpRequest wanted = asked.httpRequest();
        byte[] body = {};
        if (asked.contentStreamProvider().isPresent()) {
            try (InputStream stream = asked.contentStreamProvider().get().newStream()) {
                body = stream.readAllBytes();
            }
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(wanted.getUri())
                .method(
                        wanted.method().name(),
                        body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        wanted.forEachHeader((name, values) -> {
            if (!OWN.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
            return HttpExecuteResponse.builder()
                    .response(SdkHttpFullResponse.builder()
                            .statusCode(response.statusCode())
                            .headers(response.headers().map())
                            .build())
                    .responseBody(AbortableInputStream.create(response.body()))
                    .build();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
