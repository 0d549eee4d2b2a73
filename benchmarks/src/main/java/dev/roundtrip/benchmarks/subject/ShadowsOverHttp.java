package dev.roundtrip.benchmarks.subject;

import dev.roundtrip.benchmarks.load.RoundTrips;
import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.iot.data.DataPlane;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.SigningScope;
import dev.roundtrip.sigv4.UnsignedRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Updates of shadows over HTTP, one shadow for each lane: signed by the AWS SDK's signer, sent by the JDK's client. */
public final class ShadowsOverHttp implements RoundTrips {
    private final Shadows shadows;
    private final URI services;
    private final RequestSigner signer;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(threads)
            .build();

    /** Asks with the key of the state directory. */
    public ShadowsOverHttp(LocalCloud cloud, Shadows shadows) {
        this.shadows = shadows;
        this.services = cloud.servicesEndpoint();
        this.signer = new RequestSigner(
                AwsCredentialsIdentity.create(
                        cloud.state().credentials().accessKeyId(),
                        cloud.state().credentials().secretAccessKey()),
                new SigningScope(cloud.state().account().region(), DataPlane.SIGNING_NAME));
    }

    @Override
    public int lanes() {
        return shadows.count();
    }

    @Override
    public void ask(int lane, Asker asker) {
        threads.execute(() -> {
            UnsignedRequest update = new UnsignedRequest(
                    "POST",
                    services.resolve("/things/" + shadows.thing(lane) + "/shadow"),
                    List.of(),
                    shadows.nextUpdate(lane));
            var unused = client.sendAsync(signer.sign(update).toHttpRequest(), BodyHandlers.ofString())
                    .whenComplete((answer, failure) -> asker.ended(ending(lane, answer)));
        });
    }

    private Ending ending(int lane, @Nullable HttpResponse<String> answer) {
        return answer != null && answer.statusCode() == 200 && shadows.isAnswer(lane, answer.body())
                ? Ending.ANSWERED
                : Ending.FAILED;
    }

    @Override
    public void close() {
        client.close();
        threads.close();
    }
}
