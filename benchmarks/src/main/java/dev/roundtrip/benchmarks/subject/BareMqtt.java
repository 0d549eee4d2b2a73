package dev.roundtrip.benchmarks.subject;

import dev.roundtrip.benchmarks.load.RoundTrips;
import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.mqtt.Broker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
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
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.SubscribePacket;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;

/** A reference: the gateway's MQTT client on the gateway's listener, signed and encrypted, asks the same device with
 * the same bytes. No HTTP, no JSON, no
 * thread that waits: the answer's callback asks the next question. */
public final class BareMqtt implements RoundTrips {
    private static final long CONNECT_SECONDS = 10;
    private static final String PREFIX = LocalCloudSettings.PREFIX.value();

    /** Has one level more than the answers that the gateway listens to. */
    private static final String ANSWERS = PREFIX + "/bare/+/+/+/ack";

    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final AtomicReferenceArray<@Nullable Asker> askers;
    private final Question[] questions;
    private final Mqtt5Client client;

    /** The message of one lane, always the same.
     *
     * @param payload as the gateway writes it
     * @param correlation the lane's number
     * @param answer as the device has to give it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    private record Question(String topic, String answerTopic, byte[] payload, byte[] correlation, byte[] answer) {
        static Question of(int lane, SignedCalls.Command command) {
            String target = command.targets().get(lane % command.targets().size());
            String id = new UUID(0x4000L, 0x8000000000000000L | lane).toString();
            String request = "\"" + lane + "-0\"";
            String payload = "{\"timestamp\":\"1790000000000\",\"request\":" + request + ",\"id\":\"" + id
                    + "\",\"deadline\":1790000010000}";
            String answer = "{\"id\":\"" + id + "\",\"response\":" + request + "}";
            return new Question(
                    target + "/" + command.method() + "/" + PREFIX + "/" + id,
                    PREFIX + "/bare/" + lane + "/" + target + "/" + command.method() + "/ack",
                    payload.getBytes(StandardCharsets.US_ASCII),
                    Integer.toString(lane).getBytes(StandardCharsets.US_ASCII),
                    answer.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Connects.
     *
     * @param command what the devices are told
     * @throws IOException when the broker cannot be reached
     */
    public BareMqtt(LocalCloud cloud, SignedCalls.Command command, int lanes) throws IOException, InterruptedException {
        this.askers = new AtomicReferenceArray<>(lanes);
        this.questions = new Question[lanes];
        Arrays.setAll(questions, lane -> Question.of(lane, command));
        this.client = client(cloud);
        client.start();
        try {
            connected.get(CONNECT_SECONDS, TimeUnit.SECONDS);
            var unused = client.subscribe(SubscribePacket.of(ANSWERS, QOS.AT_LEAST_ONCE))
                    .get(CONNECT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            close();
            throw stopped;
        } catch (ExecutionException | TimeoutException unreachable) {
            close();
            throw new IOException("the bare MQTT client does not connect: " + unreachable.getMessage(), unreachable);
        }
    }

    private Mqtt5Client client(LocalCloud cloud) {
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
                        .withClientId(PREFIX + "." + UUID.randomUUID())
                        .withSocketOptions(withoutNagle)
                        .withSessionBehavior(ClientSessionBehavior.CLEAN)
                        .withOfflineQueueBehavior(ClientOfflineQueueBehavior.FAIL_ALL_ON_DISCONNECT)
                        .withExtendedValidationAndFlowControlOptions(ExtendedValidationAndFlowControlOptions.NONE)
                        .withLifeCycleEvents(new Lifecycle())
                        .withPublishEvents((source, message) -> answered(message.getPublishPacket()))
                        .build();
            }
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int lanes() {
        return questions.length;
    }

    @Override
    public void ask(int lane, Asker asker) {
        askers.set(lane, asker);
        Question question = questions[lane];
        PublishPacket packet = new PublishPacket.PublishPacketBuilder(
                        question.topic(), QOS.AT_LEAST_ONCE, question.payload())
                .withMessageExpiryIntervalSeconds(10L)
                .withResponseTopic(question.answerTopic())
                .withCorrelationData(question.correlation())
                .withContentType("application/json")
                .build();
        var unused = client.publish(packet).whenComplete((result, failure) -> {
            if (failure != null) {
                end(lane, Ending.FAILED);
            }
        });
    }

    private void answered(PublishPacket answer) {
        byte[] correlation = answer.getCorrelationData();
        if (correlation != null) {
            int lane = Integer.parseInt(new String(correlation, StandardCharsets.US_ASCII));
            boolean right = Arrays.equals(answer.getPayload(), questions[lane].answer());
            end(lane, right ? Ending.ANSWERED : Ending.FAILED);
        }
    }

    private void end(int lane, Ending ending) {
        Asker asker = askers.getAndSet(lane, null);
        if (asker != null) {
            asker.ended(ending);
        }
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
            for (int lane = 0; lane < questions.length; lane++) {
                end(lane, Ending.FAILED);
            }
        }

        @Override
        public void onStopped(Mqtt5Client source, OnStoppedReturn stop) {}
    }
}
