package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.exceptions.ConnectionClosedException;
import com.hivemq.client.mqtt.exceptions.ConnectionFailedException;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5MessageException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import dev.roundtrip.device.responder.CommandEvent;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.app.StateOptions;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.behaviour.Fault;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only the device itself can hear its commands and answer them. */
class IsolationIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path elsewhere;

    @SuppressWarnings("NullAway.Init")
    private TestCloud cloud;

    @BeforeEach
    void start() throws Exception {
        cloud = TestCloud.start(state);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    /** A client that shows a thing's certificate, and says whatever it likes. */
    private Mqtt5BlockingClient client(String clientId, @Nullable Thing thing) throws Exception {
        URI endpoint = URI.create("tls://" + cloud.cloud().iotEndpoint());
        return Mqtt5Client.builder()
                .identifier(clientId)
                .serverHost(endpoint.getHost())
                .serverPort(endpoint.getPort())
                .sslConfig(MqttClientSslConfig.builder()
                        .trustManagerFactory(trust())
                        .keyManagerFactory(thing == null ? null : identity(thing))
                        .build())
                .buildBlocking();
    }

    private TrustManagerFactory trust() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", cloud.cloud().state().authority().certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust;
    }

    private static KeyManagerFactory identity(Thing thing) throws Exception {
        String pem = Files.readString(thing.files().privateKey())
                .replaceAll("-----[A-Z ]+-----", "")
                .replaceAll("\\s", "");
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        Certificate certificate;
        try (InputStream file = Files.newInputStream(thing.files().certificate())) {
            certificate = CertificateFactory.getInstance("X.509").generateCertificate(file);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("thing", key, new char[0], new Certificate[] {certificate});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        return keys;
    }

    /** TLS 1.3 lets a client believe for a moment that it is connected: what counts is that no CONNACK comes. */
    private static void assertDoesNotConnect(Mqtt5BlockingClient client) {
        assertThatThrownBy(client::connect)
                .isInstanceOfAny(
                        Mqtt5MessageException.class, ConnectionFailedException.class, ConnectionClosedException.class);
        assertThat(client.getState().isConnected()).isFalse();
    }

    @Test
    void another_device_cannot_answer_for_the_one_that_was_asked() throws Exception {
        BlockingQueue<String> ids = new LinkedBlockingQueue<>();
        cloud.device(cloud.settings("device-a"), Behaviour.honest().with(Fault.delay(Duration.ofSeconds(1))), event -> {
            if (event instanceof CommandEvent.Received received) {
                ids.add(received.command().id().toString());
            }
        });
        Mqtt5BlockingClient thief = client("device-b", cloud.thing("device-b"));
        thief.connect();
        try {
            var call = java.util.concurrent.CompletableFuture.supplyAsync(() -> {
                try {
                    return cloud.get("target=device-a&method=echo&request=truth&timeout=5");
                } catch (Exception failed) {
                    throw new java.util.concurrent.CompletionException(failed);
                }
            });
            // The thief is even told the id, which it could never guess.
            String id = ids.poll(5, TimeUnit.SECONDS);
            byte[] lie = new AnswerMessage.Answered(String.valueOf(id), JsonText.string("lie")).encode();

            assertThatThrownBy(() -> thief.publishWith()
                            .topic("roundtrip/" + id + "/device-a/echo/ack")
                            .qos(MqttQos.AT_LEAST_ONCE)
                            .payload(lie)
                            .send())
                    .isInstanceOf(Mqtt5PubAckException.class);
            thief.publishWith()
                    .topic("roundtrip/" + id + "/device-b/echo/ack")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(lie)
                    .send();

            HttpResponse<String> answer = call.get(10, TimeUnit.SECONDS);
            assertThat(result(answer)).isEqualTo("ok");
            assertThat(json(answer).path("response").textValue()).isEqualTo("truth");
        } finally {
            thief.disconnect();
        }
    }

    @Test
    void another_device_cannot_read_commands_or_answers() throws Exception {
        Mqtt5BlockingClient thief = client("device-b", cloud.thing("device-b"));
        thief.connect();
        try {
            for (String filter :
                    new String[] {"device-a/#", "#", "+/#", "+/+/+/+", "device-a/+/+/+", "roundtrip/#", "$aws/events/#"
                    }) {
                assertThatThrownBy(() -> thief.subscribeWith()
                                .topicFilter(filter)
                                .qos(MqttQos.AT_LEAST_ONCE)
                                .send())
                        .as(filter)
                        .isInstanceOf(Mqtt5SubAckException.class);
            }
            thief.subscribeWith()
                    .topicFilter("device-b/#")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();
        } finally {
            thief.disconnect();
        }
    }

    @Test
    void another_device_cannot_connect_under_the_name_of_one() throws Exception {
        cloud.device("device-a");
        Thing other = cloud.thing("device-b");

        for (String name :
                new String[] {"device-a", "device-c", "roundtrip_gateway", "roundtrip.gateway", "#", "+", "device-a/x"
                }) {
            assertDoesNotConnect(client(name, other));
        }
        assertThat(result(cloud.get("target=device-a&method=echo&request=still-there")))
                .isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "/", "+", "device#", "$share/x"})
    void device_whose_policy_allows_everything_connects_under_any_client_id(String clientId) throws Exception {
        Mqtt5BlockingClient client = client(clientId, withPolicy("arn:aws:iot:*:*:*"));

        client.connect();

        client.publishWith().topic("t").qos(MqttQos.AT_LEAST_ONCE).send();
        client.disconnect();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "+", "a#"})
    void client_id_that_would_add_wildcards_or_levels_to_a_policy_does_not_connect(String clientId) throws Exception {
        Thing thing = withPolicy("arn:aws:iot:*:*:*");
        Path policy = thing.files().policy();
        String denial = "{\"Effect\":\"Deny\",\"Action\":\"iot:Publish\","
                + "\"Resource\":\"arn:aws:iot:*:*:topic/x/\\u0024{IoT:clientID}\"},";
        cloud.edit(policy, text -> text.replace("[{", "[" + denial + "{"));

        assertDoesNotConnect(client(clientId, thing));
        client("harmless", thing).connect();
    }

    @Test
    void client_id_of_the_kind_that_the_broker_gives_does_not_connect() throws Exception {
        assertDoesNotConnect(client("$GEN/2d0d2dd4-6a46-4a1c-8d9d-5b4c33a1ad0f", withPolicy("arn:aws:iot:*:*:*")));
    }

    private Thing withPolicy(String resource) throws Exception {
        Thing thing = cloud.thing("device-w");
        cloud.edit(
                thing.files().policy(),
                edited -> "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iot:*\","
                        + "\"Resource\":\""
                        + resource + "\"}]}");
        return thing;
    }

    @Test
    void without_a_certificate_of_this_authority_nobody_connects() throws Exception {
        StateDirectory foreign = StateDirectory.open(elsewhere.resolve("foreign"));
        Thing stranger = foreign.provision(new Target("device-a"), new ClientPrefix("roundtrip"));
        cloud.thing("device-a");

        assertDoesNotConnect(client("device-a", stranger));
        assertDoesNotConnect(client("device-a", null));
    }

    @Test
    void expired_certificate_does_not_connect() throws Exception {
        Clock longAgo = Clock.fixed(Instant.now().minus(Duration.ofDays(365 * 30)), ZoneOffset.UTC);
        StateDirectory past = StateDirectory.open(state, StateOptions.defaults().withClock(longAgo));
        Thing expired = past.provision(new Target("device-old"), new ClientPrefix("roundtrip"));

        assertDoesNotConnect(client("device-old", expired));
    }

    @Test
    void revoked_certificate_does_not_connect() throws Exception {
        Thing thing = cloud.thing("device-r");
        client("device-r", thing).connect();

        String record = Files.readString(thing.files().thing());
        assertThat(record).contains("ACTIVE");
        cloud.edit(thing.files().thing(), active -> active.replace("ACTIVE", "REVOKED"));

        assertDoesNotConnect(client("device-r", thing));
    }
}
