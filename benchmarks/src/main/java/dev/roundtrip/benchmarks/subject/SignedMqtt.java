package dev.roundtrip.benchmarks.subject;

import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.mqtt.Broker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import software.amazon.awssdk.crt.auth.credentials.CredentialsProvider;
import software.amazon.awssdk.crt.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.crt.io.SocketOptions;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.ClientOfflineQueueBehavior;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.ClientSessionBehavior;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.ExtendedValidationAndFlowControlOptions;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.PubAckPacket;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.SubAckPacket;
import software.amazon.awssdk.crt.mqtt5.packets.SubscribePacket;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;

/** The gateway's MQTT client on the gateway's listener, signed and encrypted, with one subscription. */
final class SignedMqtt implements AutoCloseable {
    private static final long CONNECT_SECONDS = 10;

    /** Reason codes from here on are failures, in MQTT 5. */
    private static final int FIRST_FAILURE = 0x80;

    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final Runnable lost;
    private final Mqtt5Client client;

    /** Connects with the key of the state directory.
     *
     * @param filter what it subscribes to
     * @param messages takes each message, on a thread that it must not block
     * @param lost told when a connection is lost
     * @throws IOException when the broker cannot be reached
     */
    SignedMqtt(LocalCloud cloud, String filter, Consumer<PublishPacket> messages, Runnable lost)
            throws IOException, InterruptedException {
        this(cloud, List.of(filter), messages, lost);
    }

    /** Connects as the constructor above, and subscribes to several filters. */
    SignedMqtt(LocalCloud cloud, List<String> filters, Consumer<PublishPacket> messages, Runnable lost)
            throws IOException, InterruptedException {
        this.lost = lost;
        this.client = client(cloud, messages);
        client.start();
        try {
            connected.get(CONNECT_SECONDS, TimeUnit.SECONDS);
            for (String filter : filters) {
                SubAckPacket answer = client.subscribe(SubscribePacket.of(filter, QOS.AT_LEAST_ONCE))
                        .get(CONNECT_SECONDS, TimeUnit.SECONDS);
                if (answer.getReasonCodes().getFirst().getValue() >= FIRST_FAILURE) {
                    close();
                    throw new IOException("the broker refuses the subscription to " + filter);
                }
            }
        } catch (InterruptedException stopped) {
            close();
            throw stopped;
        } catch (ExecutionException | TimeoutException unreachable) {
            close();
            throw new IOException("the bare MQTT client does not connect: " + unreachable.getMessage(), unreachable);
        }
    }

    private Mqtt5Client client(LocalCloud cloud, Consumer<PublishPacket> messages) {
        Broker broker = Objects.requireNonNull(cloud.broker(), "the broker is another's");
        AwsIotMqtt5ClientBuilder.WebsocketSigv4Config signing = new AwsIotMqtt5ClientBuilder.WebsocketSigv4Config();
        signing.region = cloud.state().account().region();
        try (CredentialsProvider credentials = new StaticCredentialsProvider.StaticCredentialsProviderBuilder()
                        .withAccessKeyId(ascii(cloud.state().credentials().accessKeyId()))
                        .withSecretAccessKey(ascii(cloud.state().credentials().secretAccessKey()))
                        .build();
                SocketOptions withoutNagle = new SocketOptions()) {
            signing.credentialsProvider = credentials;
            try (AwsIotMqtt5ClientBuilder builder =
                    AwsIotMqtt5ClientBuilder.newWebsocketMqttBuilderWithSigv4Auth("127.0.0.1", signing)) {
                builder.withCertificateAuthorityFromPath(
                        null, cloud.state().authorityFile().toString());
                return builder.withPort((long) broker.gatewayPort())
                        .withClientId(LocalCloudSettings.PREFIX.value() + "." + UUID.randomUUID())
                        .withSocketOptions(withoutNagle)
                        .withSessionBehavior(ClientSessionBehavior.CLEAN)
                        .withOfflineQueueBehavior(ClientOfflineQueueBehavior.FAIL_ALL_ON_DISCONNECT)
                        .withExtendedValidationAndFlowControlOptions(ExtendedValidationAndFlowControlOptions.NONE)
                        .withLifeCycleEvents(new Lifecycle())
                        .withPublishEvents((source, message) -> messages.accept(message.getPublishPacket()))
                        .build();
            }
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Publishes; ends with an exception when the broker does not take it, such as one request too many in flight. */
    CompletableFuture<?> publish(PublishPacket message) {
        return client.publish(message).thenApply(result -> {
            PubAckPacket acknowledgement = result.getResultPubAck();
            if (acknowledgement.getReasonCode().getValue() >= FIRST_FAILURE) {
                throw new IllegalStateException("the broker answers " + acknowledgement.getReasonCode());
            }
            return acknowledgement;
        });
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
            connected.complete(null);
        }

        @Override
        public void onConnectionFailure(Mqtt5Client source, OnConnectionFailureReturn failure) {
            connected.completeExceptionally(new IOException("CRT error " + failure.getErrorCode()));
        }

        @Override
        public void onDisconnection(Mqtt5Client source, OnDisconnectionReturn loss) {
            lost.run();
        }

        @Override
        public void onStopped(Mqtt5Client source, OnStoppedReturn stop) {}
    }
}
