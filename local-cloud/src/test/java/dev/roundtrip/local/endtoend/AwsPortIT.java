package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.iot.registry.ThingFiles;
import dev.roundtrip.mqtt.ClientState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.iot.AwsIotMqttConnectionBuilder;

/** One port for devices and for whoever signs, as AWS has it on 443: the protocol is agreed on in the TLS handshake. */
class AwsPortIT {
    private static final String HTTPS = "x-amzn-http-ca";

    private static final String POLICY = """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":"iot:Connect","Resource":"*"},
              {"Effect":"Allow","Action":["iot:Publish","iot:RetainPublish","iot:GetRetainedMessage"],
               "Resource":"arn:aws:iot:*:*:topic/pump/*"},
              {"Effect":"Allow","Action":"iot:Publish",
               "Resource":"arn:aws:iot:*:*:topic/certificates/${iot:CertificateId}"},
              {"Effect":"Allow","Action":"iot:Publish",
               "Resource":["arn:aws:iot:*:*:topic/clients/${iot:ClientId}",
                           "arn:aws:iot:*:*:topic/things/${iot:Connection.Thing.ThingName}"]}]}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path state;

    @SuppressWarnings("NullAway.Init")
    private static TestCloud cloud;

    @SuppressWarnings("NullAway.Init")
    private static Thing pump;

    @BeforeAll
    static void start() throws Exception {
        cloud = TestCloud.start(state);
        pump = cloud.thing("pump");
        cloud.edit(pump.files().policy(), policy -> POLICY);
    }

    @AfterAll
    static void stop() {
        cloud.close();
    }

    /** A client of HTTP that shows a thing's certificate, and agrees on no protocol. */
    private static HttpClient client(ThingFiles thing) throws Exception {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TestTls.showing(thing, cloud.cloud().state().authorityFile()))
                .build();
    }

    private static HttpResponse<String> publish(HttpClient client, String topic) throws Exception {
        URI uri = URI.create("https://localhost:" + cloud.gatewayPort() + "/topics/" + topic + "?qos=1");
        return client.send(
                HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString("on")).build(), BodyHandlers.ofString());
    }

    /** The answer to one request of a client that agrees on a protocol in the handshake.
     *
     * @param thing whose certificate it shows; null for none
     */
    private static String ask(@Nullable ThingFiles thing, String alpn, String request) throws Exception {
        Path authority = cloud.cloud().state().authorityFile();
        SSLContext tls = thing == null ? TestTls.trusting(authority) : TestTls.showing(thing, authority);
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("localhost", cloud.gatewayPort())) {
            socket.setSoTimeout(20_000);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {alpn});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            assertThat(socket.getApplicationProtocol()).isEqualTo(alpn);
            socket.getOutputStream()
                    .write((request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                    + "Content-Length: 2\r\n\r\non")
                            .getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static String publish(@Nullable ThingFiles thing, String alpn, String topic) throws Exception {
        return ask(thing, alpn, "POST /topics/" + topic + "?qos=1");
    }

    @Test
    void client_of_the_device_sdk_speaks_mqtt_where_it_asks_for_that() throws Exception {
        try (AwsIotMqttConnectionBuilder builder = AwsIotMqttConnectionBuilder.newMtlsBuilderFromPath(
                        pump.files().certificate().toString(),
                        pump.files().privateKey().toString())
                .withCertificateAuthorityFromPath(
                        null, cloud.cloud().state().authorityFile().toString())
                .withEndpoint("localhost")
                .withPort(cloud.gatewayPort())
                .withClientId("pump")
                .withCleanSession(true)) {
            try (MqttClientConnection connection = builder.build()) {
                connection.connect().get(20, TimeUnit.SECONDS);

                assertThat(cloud.broker().connections().find("pump")).containsInstanceOf(ClientState.Connected.class);
                connection.disconnect().get(20, TimeUnit.SECONDS);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {HTTPS, "http/1.1"})
    void device_publishes_over_https_with_its_certificate(String alpn) throws Exception {
        assertThat(publish(pump.files(), alpn, "pump/status"))
                .startsWith("HTTP/1.1 200")
                .contains("\"message\":\"OK\"");
    }

    @Test
    void device_that_asks_for_no_protocol_publishes_too() throws Exception {
        try (HttpClient client = client(pump.files())) {
            assertThat(publish(client, "pump/status").statusCode()).isEqualTo(200);
            assertThat(publish(client, "pump/status").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void device_reads_the_messages_that_its_policy_allows() throws Exception {
        assertThat(ask(pump.files(), HTTPS, "POST /topics/pump/kept?retain=true"))
                .startsWith("HTTP/1.1 200");

        assertThat(ask(pump.files(), HTTPS, "GET /retainedMessage/pump%2Fkept")).startsWith("HTTP/1.1 200");
        assertThat(ask(pump.files(), HTTPS, "GET /retainedMessage/valve%2Fkept"))
                .startsWith("HTTP/1.1 403");
        assertThat(ask(pump.files(), HTTPS, "GET /retainedMessage")).startsWith("HTTP/1.1 403");
        assertThat(ask(pump.files(), HTTPS, "GET /connections/valve")).startsWith("HTTP/1.1 403");
    }

    @ParameterizedTest
    @ValueSource(strings = {"valve/status", "clients/pump", "things/pump", "%24aws/things/pump/shadow/update"})
    void device_may_not_publish_what_its_policy_does_not_allow_over_http(String topic) throws Exception {
        assertThat(publish(pump.files(), HTTPS, topic)).startsWith("HTTP/1.1 403");
    }

    @Test
    void policy_knows_the_certificate() throws Exception {
        assertThat(publish(
                        pump.files(),
                        HTTPS,
                        "certificates/" + pump.certificateId().value()))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void client_without_a_certificate_is_refused() throws Exception {
        assertThat(publish(null, "http/1.1", "pump/status")).startsWith("HTTP/1.1 403");
        assertThat(publish(null, HTTPS, "pump/status")).isEmpty();
    }

    @Test
    void certificate_that_is_not_active_is_refused() throws Exception {
        Thing valve = cloud.thing("valve");
        cloud.edit(valve.files().policy(), policy -> POLICY);
        try (HttpClient client = client(valve.files())) {
            assertThat(publish(client, "pump/status").statusCode()).isEqualTo(200);

            cloud.edit(valve.files().thing(), record -> record.replace("ACTIVE", "INACTIVE"));

            assertThat(publish(client, "pump/status").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void certificate_opens_no_other_service() throws Exception {
        assertThat(ask(pump.files(), HTTPS, "GET /policies")).startsWith("HTTP/1.1 404");
    }
}
