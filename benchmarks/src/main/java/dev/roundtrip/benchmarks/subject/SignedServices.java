package dev.roundtrip.benchmarks.subject;

import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.SigningScope;
import dev.roundtrip.sigv4.UnsignedRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Requests to the services of a local cloud, signed by the AWS SDK's signer with the key of the state directory, sent
 * by the JDK's client. Thread-safe.
 */
public final class SignedServices implements AutoCloseable {
    private static final int OK = 200;

    private final LocalCloud cloud;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(threads)
            .build();

    /** Asks this cloud. */
    public SignedServices(LocalCloud cloud) {
        this.cloud = cloud;
    }

    /** Asks, and returns at once.
     *
     * @param service its signing name
     */
    public CompletableFuture<HttpResponse<String>> ask(String service, String method, String path, String body) {
        URI services = cloud.servicesEndpoint();
        return CompletableFuture.supplyAsync(
                        () -> new RequestSigner(
                                        AwsCredentialsIdentity.create(
                                                cloud.state().credentials().accessKeyId(),
                                                cloud.state().credentials().secretAccessKey()),
                                        new SigningScope(cloud.state().account().region(), service))
                                .sign(new UnsignedRequest(
                                        method,
                                        services.resolve(path),
                                        List.of(),
                                        body.getBytes(StandardCharsets.UTF_8)))
                                .toHttpRequest(),
                        threads)
                .thenCompose(request -> client.sendAsync(request, BodyHandlers.ofString()));
    }

    /** Asks, and waits for success.
     *
     * @throws IOException when it is refused
     */
    public void demand(String service, String method, String path, String body)
            throws IOException, InterruptedException {
        try {
            HttpResponse<String> answer = ask(service, method, path, body).get();
            if (answer.statusCode() != OK) {
                throw new IOException(
                        method + " " + path + " is answered " + answer.statusCode() + ": " + answer.body());
            }
        } catch (ExecutionException failed) {
            throw new IOException(method + " " + path + " is not answered", failed.getCause());
        }
    }

    @Override
    public void close() {
        client.close();
        threads.close();
    }
}
