package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The local API, asked by hostile clients over real sockets. */
class LocalApiIT {
    private static final int MOST_STREAMS = 16;
    private static final int CALLS = 600;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    @SuppressWarnings("NullAway.Init")
    private TestCloud cloud;

    @SuppressWarnings("NullAway.Init")
    private OwnApi api;

    private final List<Socket> sockets = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        cloud = TestCloud.start(state);
        api = new OwnApi(cloud);
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        cloud.close();
    }

    private Socket send(String request) throws Exception {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), api.port()));
        sockets.add(socket);
        String filled = request.replace("HOST", "127.0.0.1:" + api.port())
                .replace("AUTH", "Authorization: Bearer " + api.token())
                .replace("TOKEN", api.token());
        socket.getOutputStream().write(filled.replace("|", "\r\n").getBytes(UTF_8));
        return socket;
    }

    private static BufferedReader lines(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    private String status(String request) throws Exception {
        return lines(send(request)).readLine().split(" ", -1)[1];
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "200; GET /_roundtrip/v1/status HTTP/1.1|Host: HOST|AUTH||",
                "200; GET /_roundtrip/v1/status HTTP/1.1|Host: HOST|Origin: http://HOST|AUTH||",
                "401; GET /_roundtrip/v1/status HTTP/1.1|Host: HOST||",
                "401; GET /_roundtrip/v1/status HTTP/1.1|Host: HOST|Authorization: Bearer TOKENx||",
                "401; GET /_roundtrip/v1/status HTTP/1.1|Host: HOST|Authorization: Basic TOKEN||",
                "403; GET /_roundtrip/v1/status HTTP/1.1|Host: rebound.example|AUTH||",
                "403; GET /_roundtrip/v1/status HTTP/1.1|Host: HOST|Origin: http://example.com|AUTH||",
                "403; GET /_roundtrip/v1/status HTTP/1.1|Host: HOST|Origin: null|AUTH||",
                "404; GET /_roundtrip/v1/nothing HTTP/1.1|Host: HOST|AUTH||",
                "404; GET /_roundtrip/v1/calls/last HTTP/1.1|Host: HOST|AUTH||",
                "405; DELETE /_roundtrip/v1/status HTTP/1.1|Host: HOST|AUTH||",
                "405; HEAD /_roundtrip/v1/status HTTP/1.1|Host: HOST|AUTH||",
                "409; POST /_roundtrip/v1/stop HTTP/1.1|Host: HOST|AUTH|Content-Length: 0||",
                "400; GET /_roundtrip/v1/calls?limit=0 HTTP/1.1|Host: HOST|AUTH||",
                "400; GET /_roundtrip/v1/calls?limit=x HTTP/1.1|Host: HOST|AUTH||",
                "400; GET /_roundtrip/v1/calls?unknown=1 HTTP/1.1|Host: HOST|AUTH||",
                "400; GET /_roundtrip/v1/events?kind=message&topic=a%23 HTTP/1.1|Host: HOST|AUTH||",
                "400; PUT /_roundtrip/v1/faults HTTP/1.1|Host: HOST|AUTH|Content-Length: 2||{]",
                "401; PUT /_roundtrip/v1/faults HTTP/1.1|Host: HOST|Content-Length: 60000||",
                "413; PUT /_roundtrip/v1/faults HTTP/1.1|Host: HOST|AUTH|Content-Length: 70000||"
            })
    void each_request_gets_its_status(String expected, String request) throws Exception {
        assertThat(status(request)).isEqualTo(expected);
    }

    private Socket stream(String headers) throws Exception {
        return send("GET /_roundtrip/v1/events?kind=call HTTP/1.1|Host: HOST|AUTH|" + headers + "|");
    }

    @Test
    void stream_has_a_call_when_the_call_has_ended() throws Exception {
        cloud.device("pump");
        BufferedReader lines = lines(stream(""));
        assertThat(lines.readLine()).contains("200");

        cloud.get("target=pump&method=echo&request=hi&timeout=10");

        assertThat(data(lines)).contains("\"target\":\"pump\"", "\"result\":\"ok\"");
    }

    private static String data(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (!line.startsWith("data:")) {
            line = lines.readLine();
        }
        return line;
    }

    @Test
    void stream_goes_on_after_the_last_event_that_was_read() throws Exception {
        cloud.device("pump");
        BufferedReader first = lines(stream(""));
        first.readLine();
        cloud.get("target=pump&method=first&request=hi&timeout=10");
        String line = first.readLine();
        String id = line;
        while (!line.startsWith("data:")) {
            id = line.startsWith("id:") ? line : id;
            line = first.readLine();
        }
        cloud.get("target=pump&method=second&request=hi&timeout=10");

        BufferedReader resumed =
                lines(stream("Last-Event-ID: " + id.substring(3).strip() + "|"));

        assertThat(data(resumed)).contains("\"method\":\"second\"");
    }

    @Test
    void one_stream_too_many_is_refused_and_a_client_that_leaves_makes_room() throws Exception {
        for (int i = 0; i < MOST_STREAMS; i++) {
            assertThat(lines(stream("")).readLine()).contains("200");
        }

        assertThat(lines(stream("")).readLine()).contains("503");

        sockets.getFirst().close();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> lines(stream("")).readLine().contains("200"));
    }

    @Test
    void reader_that_does_not_read_delays_nobody_and_finds_everything_later() throws Exception {
        cloud.device("pump");
        Socket slow = send("GET /_roundtrip/v1/events?kind=message&topic=pump/%23 HTTP/1.1|Host: HOST|AUTH||");
        BufferedReader quick = lines(stream(""));
        quick.readLine();
        String big = "x".repeat(2_000);

        for (int i = 0; i < CALLS; i++) {
            assertThat(cloud.get("target=pump&method=echo&request=" + big + "&timeout=10")
                            .statusCode())
                    .isEqualTo(200);
        }

        assertThat(data(quick)).contains("\"result\":\"ok\"");
        BufferedReader late = lines(slow);
        for (int acknowledged = 0; acknowledged < CALLS; ) {
            String line = late.readLine();
            assertThat(line).isNotEqualTo("event: gap");
            acknowledged += line.contains("\"step\":\"acknowledged\"") ? 1 : 0;
        }
    }

    @Test
    void streams_end_with_the_cloud() throws Exception {
        BufferedReader lines = lines(stream(""));
        lines.readLine();

        cloud.close();

        assertThat(lines.lines().toList()).noneMatch(line -> line.startsWith("data:"));
    }
}
