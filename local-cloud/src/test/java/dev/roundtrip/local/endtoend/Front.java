package dev.roundtrip.local.endtoend;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.protocol.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iotdataplane.IotDataPlaneClient;
import software.amazon.awssdk.services.iotjobsdataplane.IotJobsDataPlaneClient;

/** The clients of a local cloud that is killed and started again: AWS's over HTTP, and one device over MQTT. Connected
 * by one thread; used by many.
 */
final class Front implements AutoCloseable {
    private static final int PATIENCE = 20;

    private final StateDirectory state;
    private final Thing thing;
    private final Map<String, CompletableFuture<Mqtt5Publish>> waiting = new ConcurrentHashMap<>();
    private volatile @Nullable IotClient iot;
    private volatile @Nullable IotDataPlaneClient data;
    private volatile @Nullable IotJobsDataPlaneClient jobs;
    private volatile @Nullable Mqtt5AsyncClient mqtt;
    private volatile int devicePort;

    /** @param thing as which it connects; its policy must allow its shadow's topics, and what the test publishes */
    Front(StateDirectory state, Thing thing) {
        this.state = state;
        this.thing = thing;
    }

    /** Connects to a cloud, in place of the one of before. */
    void connect(CloudProcess cloud) throws Exception {
        close();
        devicePort = cloud.devicePort();
        iot = client(cloud, IotClient.builder());
        data = client(cloud, IotDataPlaneClient.builder());
        jobs = client(cloud, IotJobsDataPlaneClient.builder());
        Mqtt5AsyncClient client = MqttClient.builder()
                .useMqttVersion5()
                .identifier(thing.name().value())
                .serverHost("127.0.0.1")
                .serverPort(cloud.devicePort())
                .sslConfig(TestTls.of(thing.files(), state.authorityFile()))
                .addDisconnectedListener(ended -> {
                    waiting.values().forEach(answer -> answer.completeExceptionally(ended.getCause()));
                    waiting.clear();
                })
                .buildAsync();
        client.publishes(MqttGlobalPublishFilter.ALL, this::answered);
        client.connect().get(PATIENCE, TimeUnit.SECONDS);
        client.subscribeWith()
                .topicFilter("$aws/things/" + thing.name() + "/shadow/#")
                .qos(MqttQos.AT_LEAST_ONCE)
                .send()
                .get(PATIENCE, TimeUnit.SECONDS);
        mqtt = client;
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(CloudProcess cloud, B builder)
            throws StateException {
        Credentials own = state.credentials();
        return builder.endpointOverride(cloud.services())
                .region(Region.of("eu-central-1"))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(own.accessKeyId(), own.secretAccessKey())))
                .overrideConfiguration(settings -> settings.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .httpClient(new JdkSdkClient())
                .build();
    }

    private void answered(Mqtt5Publish answer) {
        String topic = answer.getTopic().toString();
        if (topic.matches(".*/(accepted|rejected)(/json)?")) {
            try {
                String token = Json.mapper()
                        .readTree(answer.getPayloadAsBytes())
                        .path("clientToken")
                        .asText(topic.replaceAll("/(accepted|rejected)$", ""));
                CompletableFuture<Mqtt5Publish> asked = waiting.remove(token);
                if (asked != null) {
                    asked.complete(answer);
                }
            } catch (IOException noJson) {
                throw new IllegalStateException(noJson);
            }
        }
    }

    IotClient iot() {
        return connected(iot);
    }

    IotDataPlaneClient data() {
        return connected(data);
    }

    IotJobsDataPlaneClient jobs() {
        return connected(jobs);
    }

    /** Where devices connect. */
    int devicePort() {
        return devicePort;
    }

    /** Who signed the broker's certificate. */
    Path authority() {
        return state.authorityFile();
    }

    private static <T> T connected(@Nullable T client) {
        if (client == null) {
            throw new IllegalStateException("not connected");
        }
        return client;
    }

    /** Publishes a request to a service, and waits for its answer.
     *
     * @param token the request's {@code clientToken}; the topic, where answers have none
     * @return the payload of the answer
     * @throws KillableWriter.RefusedException when it is rejected
     */
    byte[] ask(String topic, byte[] payload, String token) throws Exception {
        CompletableFuture<Mqtt5Publish> answer = new CompletableFuture<>();
        waiting.put(token, answer);
        publish(topic, payload, false);
        Mqtt5Publish answered = answer.get(PATIENCE, TimeUnit.SECONDS);
        if (answered.getTopic().toString().contains("/rejected")) {
            throw new KillableWriter.RefusedException(
                    new String(answered.getPayloadAsBytes(), java.nio.charset.StandardCharsets.UTF_8));
        }
        return answered.getPayloadAsBytes();
    }

    /** Publishes at QoS 1, and waits for the PUBACK. */
    void publish(String topic, byte[] payload, boolean retain) throws Exception {
        connected(mqtt)
                .publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload)
                .retain(retain)
                .send()
                .get(PATIENCE, TimeUnit.SECONDS)
                .getError()
                .ifPresent(refused -> {
                    throw new IllegalStateException(refused);
                });
    }

    @Override
    public void close() {
        IotClient lastIot = iot;
        IotDataPlaneClient lastData = data;
        IotJobsDataPlaneClient lastJobs = jobs;
        Mqtt5AsyncClient lastMqtt = mqtt;
        if (lastIot != null && lastData != null && lastJobs != null) {
            lastIot.close();
            lastData.close();
            lastJobs.close();
        }
        if (lastMqtt != null && lastMqtt.getState().isConnected()) {
            lastMqtt.disconnect().join();
        }
        iot = null;
        data = null;
        jobs = null;
        mqtt = null;
    }
}
