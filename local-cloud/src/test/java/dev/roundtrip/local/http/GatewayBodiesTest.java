package dev.roundtrip.local.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.mqtt.TestBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bodies on the port for gateways, from whoever has shown no signature yet. */
class GatewayBodiesTest {
    private static final SSLContext TLS = TestBroker.deviceTls();
    private static final int PATIENCE_MILLIS = 20_000;

    /** Answers with the length of the body. */
    private static final OperationTable LENGTH = new OperationTable(
            "lengths",
            "none",
            Set.of("iotdata"),
            new HttpLimits(8192, 16_384, 256 * 1024),
            List.of(Operation.answered(
                    "Length",
                    "POST /topics/{topic}",
                    new Operation.Permission("iot:Publish", "topic/{topic}"),
                    request -> RestJson.ok(RestJson.MAPPER.createObjectNode().put("length", request.body().length)))));

    private final TestGateway gateway = new TestGateway(
            made -> LENGTH,
            (request, source) -> new RequestAuthentication.Known(access -> true),
            UnaryOperator.identity());
    private final List<Socket> open = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        gateway.close();
    }

    private Socket connect() throws IOException {
        Socket socket = TLS.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), gateway.broker.broker.gatewayPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        open.add(socket);
        return socket;
    }

    /** Sends a head, and so much of its body. */
    private Socket post(String header, int length, int sent) throws IOException {
        Socket socket = connect();
        String head =
                "POST /topics/t HTTP/1.1\r\nHost: localhost\r\n" + header + "Content-Length: " + length + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        try {
            socket.getOutputStream().write(new byte[sent]);
            socket.getOutputStream().flush();
        } catch (SocketException refused) {
            // The answer says why.
        }
        return socket;
    }

    private static String answer(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] bytes = new byte[4096];
        int read = socket.getInputStream().read(bytes);
        while (read > 0) {
            text.append(new String(bytes, 0, read, StandardCharsets.UTF_8));
            if (text.indexOf("\r\n\r\n") >= 0 && !text.toString().endsWith("\r\n\r\n")) {
                break;
            }
            read = socket.getInputStream().read(bytes);
        }
        return text.toString();
    }

    @Test
    void request_without_a_signature_is_refused_before_its_body_is_sent() throws IOException {
        Socket socket = post("", 100_000, 0);

        assertThat(answer(socket))
                .startsWith("HTTP/1.1 403")
                .containsIgnoringCase("x-amzn-ErrorType: MissingAuthenticationTokenException");
    }

    @Test
    void body_that_is_too_long_is_refused_by_its_head_in_the_shape_of_aws() throws IOException {
        Socket socket = post("Authorization: any\r\n", 300_000, 0);

        assertThat(answer(socket))
                .startsWith("HTTP/1.1 413")
                .containsIgnoringCase("x-amzn-ErrorType: RequestEntityTooLargeException")
                .containsIgnoringCase("x-amzn-RequestId: ")
                .contains("\"message\":");
    }

    @Test
    void bodies_that_never_end_leave_room_for_who_is_honest() throws IOException {
        List<Socket> unfinished = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            unfinished.add(post("Authorization: any\r\n", 256_000, 250_000));
        }

        List<String> refused = new ArrayList<>();
        for (Socket socket : unfinished.subList(70, 80)) {
            refused.add(answer(socket));
        }

        assertThat(refused)
                .allSatisfy(answer -> assertThat(answer)
                        .startsWith("HTTP/1.1 503")
                        .containsIgnoringCase("x-amzn-ErrorType: ServiceUnavailableException"));
        unfinished.getFirst().close();
        assertThat(answer(post("Authorization: any\r\n", 1_000, 1_000)))
                .startsWith("HTTP/1.1 200")
                .endsWith("{\"length\":1000}");
    }
}
