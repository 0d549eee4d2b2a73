package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.iot.registry.GatewayRole;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.local.users.UserName;
import dev.roundtrip.protocol.ClientPrefix;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.crt.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.SubscribePacket;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;

/** The gateway of another deployment of the same account, in the hands of an attacker: its role, and any client, topic
 * and filter.
 */
final class ForeignGateway implements AutoCloseable {
    private final TestCloud cloud;
    private final Credentials key;
    private final Mqtt5Client client;
    private final CompletableFuture<Boolean> connected = new CompletableFuture<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    /** The key of another deployment's role.
     *
     * @param prefix of that deployment
     * @param elsewhere an empty directory
     */
    static Credentials role(TestCloud cloud, String prefix, Path elsewhere) throws Exception {
        StateDirectory foreign = StateDirectory.open(elsewhere);
        var unused = foreign.gatewayPolicies(new GatewayRole(
                new ClientPrefix(prefix), GatewayRole.Delivery.DIRECT, GatewayRole.PresenceQueries.ALLOW));
        String policy = Files.readString(elsewhere.resolve("gateway-policy.json"));
        return cloud.cloud().state().caller(new UserName("foreign"), policy).credentials();
    }

    /** With the role of the cloud's own deployment. */
    ForeignGateway(TestCloud cloud, String clientId) throws Exception {
        this(cloud, clientId, ownRole(cloud));
    }

    private static Credentials ownRole(TestCloud cloud) throws Exception {
        StateDirectory state = cloud.cloud().state();
        String policy = Files.readString(state.path().resolve("gateway-policy.json"));
        return state.caller(new UserName("gateway"), policy).credentials();
    }

    ForeignGateway(TestCloud cloud, String clientId, Credentials key) throws Exception {
        this.cloud = cloud;
        this.key = key;
        AwsIotMqtt5ClientBuilder.WebsocketSigv4Config signing = new AwsIotMqtt5ClientBuilder.WebsocketSigv4Config();
        signing.region = cloud.cloud().state().account().region();
        try (var provider = new StaticCredentialsProvider.StaticCredentialsProviderBuilder()
                .withAccessKeyId(key.accessKeyId().getBytes(UTF_8))
                .withSecretAccessKey(key.secretAccessKey().getBytes(UTF_8))
                .build()) {
            signing.credentialsProvider = provider;
            try (AwsIotMqtt5ClientBuilder builder =
                    AwsIotMqtt5ClientBuilder.newWebsocketMqttBuilderWithSigv4Auth("127.0.0.1", signing)) {
                builder.withCertificateAuthorityFromPath(
                        null, cloud.cloud().state().authorityFile().toString());
                this.client = builder.withPort((long) cloud.gatewayPort())
                        .withClientId(clientId)
                        .withLifeCycleEvents(new Lifecycle())
                        .withPublishEvents((source, message) ->
                                heard.add(message.getPublishPacket().getTopic()))
                        .build();
            }
        }
        client.start();
    }

    boolean isConnected() throws Exception {
        return connected.get(10, TimeUnit.SECONDS);
    }

    /** The broker's reason code for a publish at QoS 1. */
    String publish(String topic, String payload) throws Exception {
        return client.publish(new PublishPacket.PublishPacketBuilder(topic, QOS.AT_LEAST_ONCE, payload.getBytes(UTF_8))
                        .build())
                .get(10, TimeUnit.SECONDS)
                .getResultPubAck()
                .getReasonCode()
                .toString();
    }

    /** The broker's reason code for a subscription. */
    String subscribe(String filter) throws Exception {
        try {
            return client.subscribe(SubscribePacket.of(filter, QOS.AT_LEAST_ONCE))
                    .get(10, TimeUnit.SECONDS)
                    .getReasonCodes()
                    .getFirst()
                    .toString();
        } catch (ExecutionException refused) {
            return String.valueOf(refused.getCause());
        }
    }

    /** The topics that were heard so far. */
    BlockingQueue<String> heard() {
        return heard;
    }

    /** The data plane's status for a direct message. */
    int send(String target, String topic, String payload) throws Exception {
        URI address = URI.create("https://127.0.0.1:" + cloud.gatewayPort() + "/connections/" + target
                + "/messages?topic=" + URLEncoder.encode(topic, UTF_8));
        var signed = AwsV4HttpSigner.create()
                .sign(request -> request.identity(
                                AwsCredentialsIdentity.create(key.accessKeyId(), key.secretAccessKey()))
                        .request(SdkHttpRequest.builder()
                                .uri(address)
                                .method(SdkHttpMethod.POST)
                                .build())
                        .payload(ContentStreamProvider.fromUtf8String(payload))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "iotdata")
                        .putProperty(
                                AwsV4HttpSigner.REGION_NAME,
                                cloud.cloud().state().account().region()))
                .request();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).POST(HttpRequest.BodyPublishers.ofString(payload));
        signed.headers().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("Host")) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try (HttpClient http = HttpClient.newBuilder().sslContext(trust()).build()) {
            return http.send(request.build(), BodyHandlers.ofString()).statusCode();
        }
    }

    private SSLContext trust() throws Exception {
        java.security.KeyStore store = java.security.KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", cloud.cloud().state().authority().certificate());
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, managers.getTrustManagers(), null);
        return tls;
    }

    @Override
    public void close() {
        client.stop();
        client.close();
    }

    private final class Lifecycle implements Mqtt5ClientOptions.LifecycleEvents {
        @Override
        public void onAttemptingConnect(Mqtt5Client source, OnAttemptingConnectReturn attempt) {}

        @Override
        public void onConnectionSuccess(Mqtt5Client source, OnConnectionSuccessReturn success) {
            connected.complete(true);
        }

        @Override
        public void onConnectionFailure(Mqtt5Client source, OnConnectionFailureReturn failure) {
            connected.complete(false);
        }

        @Override
        public void onDisconnection(Mqtt5Client source, OnDisconnectionReturn disconnection) {}

        @Override
        public void onStopped(Mqtt5Client source, OnStoppedReturn end) {}
    }
}
