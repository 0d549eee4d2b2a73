package dev.roundtrip.local.endtoend;

import dev.roundtrip.local.http.CrtEvents;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.local.users.UserName;
import java.net.URI;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.crt.iot.MqttRequestResponseClientOptions;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;
import software.amazon.awssdk.iot.AwsIotMqttConnectionBuilder;
import software.amazon.awssdk.regions.Region;

/** Unmodified clients of AWS's SDK for Java and of the AWS IoT Device SDK, with the policies that they need.
 *
 * @param cloud that they use
 */
record SdkClients(TestCloud cloud) {
    /** How long a test waits for what comes at once, in seconds. */
    static final int PATIENCE = 20;

    /** The version of MQTT that a device speaks. */
    enum Mqtt {
        FIVE,
        THREE
    }

    /** How the client of a service is made.
     *
     * @param five on a connection with MQTT 5
     * @param three on one with MQTT 3.1.1
     */
    record Service<C extends AutoCloseable>(On<Mqtt5Client, C> five, On<MqttClientConnection, C> three) {}

    /** Makes the client of a service. */
    @FunctionalInterface
    interface On<T, C> {
        C make(T connection, MqttRequestResponseClientOptions options);
    }

    /** A service's client of a device, on a connection of its own. */
    record Device<C extends AutoCloseable>(C client, Runnable end) implements AutoCloseable {
        @Override
        public void close() throws Exception {
            client.close();
            end.run();
        }
    }

    /** A client of the AWS SDK, whose user may do everything with a resource. It does not try again. */
    <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C app(B builder, String resource)
            throws Exception {
        String policy = "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':['iot:*','iotjobsdata:*'],"
                + "'Resource':'" + resource + "'}]}";
        Credentials credentials = cloud.cloud()
                .state()
                .caller(new UserName("alice"), policy.replace('\'', '"'))
                .credentials();
        return builder.endpointOverride(URI.create(
                        "http://127.0.0.1:" + cloud.cloud().apiEndpoint().getPort()))
                .region(Region.of(cloud.cloud().state().account().region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(credentials.accessKeyId(), credentials.secretAccessKey())))
                .overrideConfiguration(settings -> settings.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .httpClient(new JdkSdkClient())
                .build();
    }

    /** A device that may use topics of a service, and nothing else.
     *
     * @param topics that end with {@code *}
     */
    <C extends AutoCloseable> Device<C> device(String name, Mqtt mqtt, String topics, Service<C> service)
            throws Exception {
        Thing thing = cloud.thing(name);
        String topic = "arn:aws:iot:*:*:topic/" + topics;
        cloud.edit(
                thing.files().policy(),
                policy -> ("{'Version':'2012-10-17','Statement':["
                                + "{'Effect':'Allow','Action':'iot:Connect','Resource':'arn:aws:iot:*:*:client/" + name
                                + "'},{'Effect':'Allow','Action':['iot:Publish','iot:Receive'],'Resource':'" + topic
                                + "'},{'Effect':'Allow','Action':'iot:Subscribe','Resource':'"
                                + topic.replace(":topic/", ":topicfilter/") + "'}]}")
                        .replace('\'', '"'));
        return device(
                new Login(
                        name,
                        Files.readString(thing.files().certificate()),
                        Files.readString(thing.files().privateKey())),
                mqtt,
                service);
    }

    /** As whom a device connects; certificate and key in PEM. */
    record Login(String clientId, String certificate, String key) {}

    /** A device with a policy of its own. */
    <C extends AutoCloseable> Device<C> device(Login login, Mqtt mqtt, Service<C> service) throws Exception {
        MqttRequestResponseClientOptions options = MqttRequestResponseClientOptions.builder()
                .withMaxRequestResponseSubscriptions(4)
                .withMaxStreamingSubscriptions(4)
                .withOperationTimeoutSeconds(10)
                .build();
        return switch (mqtt) {
            case FIVE -> {
                Mqtt5Client client = five(login);
                yield new Device<>(service.five().make(client, options), () -> end(client));
            }
            case THREE -> three(login, connection -> service.three().make(connection, options));
        };
    }

    /** A device without the client of a service, over MQTT 5, which {@link #end} ends. */
    Mqtt5Client five(Login login) throws Exception {
        CrtEvents events = new CrtEvents();
        try (AwsIotMqtt5ClientBuilder builder = AwsIotMqtt5ClientBuilder.newDirectMqttBuilderWithMtlsFromMemory(
                "127.0.0.1", login.certificate(), login.key())) {
            Mqtt5Client client = builder.withCertificateAuthorityFromPath(
                            null, cloud.cloud().state().authorityFile().toString())
                    .withPort((long) cloud.broker().devicePort())
                    .withClientId(login.clientId())
                    .withLifeCycleEvents(events)
                    .build();
            client.start();
            var unused = events.connected.get(PATIENCE, TimeUnit.SECONDS);
            return client;
        }
    }

    static void end(Mqtt5Client client) {
        client.stop();
        client.close();
    }

    private <C extends AutoCloseable> Device<C> three(Login login, Function<MqttClientConnection, C> service)
            throws Exception {
        try (AwsIotMqttConnectionBuilder builder =
                AwsIotMqttConnectionBuilder.newMtlsBuilder(login.certificate(), login.key())) {
            MqttClientConnection connection = builder.withCertificateAuthorityFromPath(
                            null, cloud.cloud().state().authorityFile().toString())
                    .withEndpoint("127.0.0.1")
                    .withPort(cloud.broker().devicePort())
                    .withClientId(login.clientId())
                    .withCleanSession(true)
                    .build();
            var unused = connection.connect().get(PATIENCE, TimeUnit.SECONDS);
            return new Device<>(service.apply(connection), () -> {
                var unusedEnd = connection.disconnect().join();
                connection.close();
            });
        }
    }
}
