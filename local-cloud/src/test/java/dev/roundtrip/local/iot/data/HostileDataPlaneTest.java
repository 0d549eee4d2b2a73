package dev.roundtrip.local.iot.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import dev.roundtrip.local.hostile.HostileCaller;
import dev.roundtrip.local.http.RawHttp;
import dev.roundtrip.local.http.TestGateway;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.local.iot.shadow.TestShadows;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.mqtt.TestBroker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bad requests to the data plane over real sockets: each is answered with what is wrong with it or cut off, and
 * devices do not notice.
 */
class HostileDataPlaneTest {
    private static final int ROUNDS = 500;
    private static final int PATIENCE_MILLIS = 20_000;

    /** How long nothing must come for the server to have said all that it will say to what is there. */
    private static final int QUIET_MILLIS = 200;

    /** Longer than the server waits for the next request, or the rest of one. */
    private static final Duration IDLE = Duration.ofSeconds(61);

    private static final SSLContext TLS = TestBroker.deviceTls();
    private static final RequestAuthentication EVERYBODY =
            (request, source) -> new RequestAuthentication.Known(access -> true);

    private final TestBroker test = new TestGateway(
                    made -> DataPlane.of(made, BrokerLimits.local(), TestShadows.on(made)),
                    EVERYBODY,
                    UnaryOperator.identity())
            .broker;
    private final Queue<Socket> unfinished = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : unfinished) {
            socket.close();
        }
        test.close();
    }

    private static byte[] request(String head, String body) {
        String lines = head + "\nHost: localhost\nAuthorization: any\nContent-Length: " + body.length() + "\n\n";
        return (lines.replace("\n", "\r\n") + body).getBytes(ISO_8859_1);
    }

    private static List<byte[]> corpus() {
        return List.of(
                request("POST /connections/pump/messages?topic=a%2Fb&confirmation=true&timeout=1 HTTP/1.1", "hi"),
                request(
                        "POST /connections/pump/messages?topic=t&contentType=x&responseTopic=answers%2Fx HTTP/1.1"
                                + "\nx-amz-mqtt5-payload-format-indicator: UTF8_DATA"
                                + "\nx-amz-mqtt5-correlation-data: aWQ="
                                + "\nx-amz-mqtt5-user-properties: W3siayI6InYifV0=",
                        "hi"),
                request("GET /connections/pump?includeSocketInformation=true HTTP/1.1", ""),
                request("GET /connections/pump/subscriptions?maxResults=1&nextToken=YQ HTTP/1.1", ""),
                request("DELETE /connections/other?cleanSession=true&preventWillMessage=true HTTP/1.1", ""),
                request("GET /connections/p%75mp HTTP/1.0", ""),
                request("PUT /connections/pump HTTP/1.1\nExpect: 100-continue", "{}"),
                request("POST /topics/a%2Fb?qos=1&retain=true&messageExpiry=9 HTTP/1.1", "hi"),
                request("GET /retainedMessage/a%2Fb HTTP/1.1", ""),
                request("GET /retainedMessage?maxResults=1&nextToken=YQ HTTP/1.1", ""),
                request("POST /things/pump/shadow?name=config HTTP/1.1", "{\"state\":{\"desired\":{\"a\":[1,{}]}}}"),
                request("GET /things/pump/shadow HTTP/1.1", ""),
                request("DELETE /things/pump/shadow?name=config HTTP/1.1", ""),
                request("GET /api/things/shadow/ListNamedShadowsForThing/pump?pageSize=1&nextToken=YQ HTTP/1.1", ""),
                request("GET /mqtt HTTP/1.1\nUpgrade: websocket\nConnection: Upgrade", ""));
    }

    private Socket connect() throws IOException {
        SSLSocket socket = (SSLSocket)
                TLS.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), test.broker.gatewayPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.startHandshake();
        socket.setSoTimeout(QUIET_MILLIS);
        return socket;
    }

    /** Everything that comes back until the server closes, or waits for more. */
    private String exchange(byte[] request) throws IOException {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        Socket socket = connect();
        try {
            socket.getOutputStream().write(request);
            socket.getInputStream().transferTo(heard);
            socket.close();
        } catch (SocketTimeoutException quiet) {
            unfinished.add(socket);
        } catch (SocketException cutOff) {
            socket.close();
        }
        return heard.toString(ISO_8859_1);
    }

    @Test
    void mutated_requests_are_answered_or_cut_off_and_devices_stay() throws Exception {
        Mqtt5AsyncClient pump = test.hiveMq("pump").useMqttVersion5().buildAsync();
        pump.publishes(MqttGlobalPublishFilter.ALL, command -> {});
        pump.connectWith().keepAlive(1200).send().get();

        List<String> failures =
                new HostileCaller(this::exchange).attack(corpus(), ROUNDS, HostileDataPlaneTest::isWrong);

        assertThat(failures).isEmpty();
        assertThat(exchange(request("GET /connections/pump HTTP/1.1\nConnection: close", "")))
                .startsWith("HTTP/1.1 200 ")
                .contains("\"connected\":true");
        test.clock.advance(IDLE);
        assertThat(unfinished).isNotEmpty().allSatisfy(HostileDataPlaneTest::assertClosed);
        pump.disconnect().get();
    }

    private static void assertClosed(Socket socket) throws IOException {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        socket.setSoTimeout(PATIENCE_MILLIS);
        try {
            socket.getInputStream().transferTo(heard);
        } catch (SocketTimeoutException open) {
            throw open;
        } catch (IOException reset) {
            // That is closed, too.
        }
        assertThat(HostileCaller.statuses(heard.toString(ISO_8859_1))).noneMatch(HostileDataPlaneTest::isWrong);
    }

    /** 504 is right: the device did not confirm. */
    private static boolean isWrong(int status) {
        return status >= 500 && status != 504;
    }

    @Test
    void requests_behind_one_another_are_answered_in_order() throws Exception {
        byte[] both = (new String(request("GET /nowhere HTTP/1.1", ""), ISO_8859_1)
                        + new String(request("GET /connections/nobody/more/ HTTP/1.1", ""), ISO_8859_1)
                        + new String(request("PUT /connections/nobody HTTP/1.1\nConnection: close", "x"), ISO_8859_1))
                .getBytes(ISO_8859_1);

        assertThat(HostileCaller.statuses(exchange(both))).containsExactly(404, 404, 405);
    }

    @Test
    void defect_of_an_endpoint_is_an_answer_and_its_message_is_no_log() throws Exception {
        RequestAuthentication defect = (request, source) -> {
            throw new IllegalStateException("a payload");
        };
        try (TestGateway broken = new TestGateway(
                made -> DataPlane.of(made, BrokerLimits.local(), TestShadows.on(made)),
                defect,
                UnaryOperator.identity())) {
            RawHttp.Answer answer = RawHttp.exchange(
                    TLS,
                    broken.broker.broker.gatewayPort(),
                    "GET /connections/a HTTP/1.1\nHost: x\nConnection: close\n\n");

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("payload");
        }
    }
}
