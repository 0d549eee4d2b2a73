package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.log.Event;
import dev.roundtrip.protocol.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Standard error of a local cloud that runs: one JSON object a line, whatever happens to it. */
class LogIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Programs programs;

    @BeforeEach
    void open() {
        programs = new Programs(directory);
    }

    @AfterEach
    void stop() {
        programs.close();
    }

    private List<JsonNode> lines(Process cloud) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : programs.errors(cloud).lines().toList()) {
            JsonNode read = Json.mapper().readTree(line);
            assertThat(read.isObject()).as(line).isTrue();
            assertThat(Instant.parse(read.path("time").asText())).isNotNull();
            assertThat(read.path("level").asText()).as(line).isIn("INFO", "WARN", "ERROR");
            assertThat(read.path("event").asText()).as(line).isNotEmpty();
            assertThat(Event.problems(read)).as(line).isEmpty();
            lines.add(read);
        }
        return lines;
    }

    private List<JsonNode> stopped(Process cloud) throws Exception {
        cloud.destroy();
        assertThat(cloud.waitFor(Programs.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        return lines(cloud);
    }

    private static List<JsonNode> only(List<JsonNode> lines, String event) {
        return lines.stream()
                .filter(line -> line.path("event").asText().equals(event))
                .toList();
    }

    private String api() throws IOException {
        return programs.environment().getOrDefault("API_ENDPOINT", "not set");
    }

    /** Sends bytes, and waits until the other end has had enough or has answered. */
    private static void send(int port, String bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write(bytes.getBytes(US_ASCII));
            socket.shutdownOutput();
            var unused = socket.getInputStream().readAllBytes();
        } catch (java.net.SocketException | java.net.SocketTimeoutException reset) {
            // That is an answer too.
        }
    }

    @Test
    void call_is_one_line_of_the_function_and_one_of_the_api_under_the_same_id() throws Exception {
        Process cloud = programs.start(Map.of(), "--device", "pump").process();

        Process client = programs.client(
                programs.environment(), "-i", api() + "?method=greet&request=s3cret&target=pump&timeout=5");
        String answer = Programs.output(client);

        List<JsonNode> lines = stopped(cloud);
        JsonNode request = only(lines, "request").getFirst();
        JsonNode call = only(lines, "call").getFirst();
        assertThat(request.path("status").asInt()).isEqualTo(200);
        assertThat(request.path("caller").asText()).endsWith(":user/local");
        assertThat(request.path("httpMethod").asText()).isEqualTo("GET");
        assertThat(request.path("path").asText()).isEqualTo("/Prod/invoke");
        assertThat(call.path("requestId")).isEqualTo(request.path("requestId"));
        assertThat(answer.toLowerCase(java.util.Locale.ROOT))
                .contains("x-amzn-requestid: " + request.path("requestId").asText());
        assertThat(call.path("target").asText()).isEqualTo("pump");
        assertThat(only(lines, "connected"))
                .extracting(line -> line.path("clientId").asText())
                .contains("pump");
        assertThat(only(lines, "disconnected"))
                .extracting(line -> line.path("reason").asText())
                .isNotEmpty();
        assertThat(programs.errors(cloud)).doesNotContain("s3cret");
    }

    @Test
    void refused_and_unreadable_requests_are_lines_too() throws Exception {
        Process cloud = programs.start(Map.of()).process();
        Map<String, String> stranger = programs.environment();
        stranger.put("AWS_SECRET_ACCESS_KEY", "none-of-its-keys");
        int port = URI.create(api()).getPort();

        Programs.output(programs.client(stranger, api() + "?method=greet&request=hello&target=pump"));
        send(port, "GET /Prod/invoke HTTP/1.1\r\nHost: x\r\n\r\n");
        send(port, "POST /nowhere\"\\\u0007 HTTP/1.1\r\nHost: x\r\n\r\n");
        send(port, "\u0016\u0003\u0001 this is no HTTP\r\n\r\n");
        send(port, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n");

        await().atMost(Programs.PATIENCE)
                .until(() -> only(lines(cloud), "request").size() >= 4);
        List<JsonNode> requests = only(stopped(cloud), "request");
        assertThat(requests)
                .extracting(line ->
                        line.path("status").asInt() + " " + line.path("refusal").asText())
                .contains(
                        "403 InvalidSignatureException",
                        "403 MissingAuthenticationTokenException",
                        "400 BadRequestException");
        assertThat(requests).allSatisfy(line -> {
            assertThat(line.path("requestId").asText()).isNotEmpty();
            assertThat(line.path("sourceIp").asText()).isEqualTo("127.0.0.1");
            assertThat(line.has("caller")).isFalse();
        });
    }

    @Test
    void hostile_connections_and_faults_leave_nothing_but_json() throws Exception {
        Process cloud = programs.start(
                        Map.of(), "--device", "pump", "--faults", "seed=1,forge=0.5,cut=0.2,drop=0.2,restart=1s:200ms")
                .process();
        Map<String, String> environment = programs.environment();
        String devices = environment.getOrDefault("IOT_ENDPOINT", "x:0");
        int device = Integer.parseInt(devices.substring(devices.lastIndexOf(':') + 1));
        int gateway = port(cloud, device, URI.create(api()).getPort());

        Process calls = programs.client(
                environment, "--repeat", "20", api() + "?method=greet&request=hello&target=pump&timeout=1");
        for (int port : new int[] {device, gateway}) {
            send(port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            send(port, "\u0016\u0003\u0001\u0002\u0000garbage that is no hello");
            send(port, "");
        }
        Programs.output(calls);

        assertThat(only(stopped(cloud), "call")).hasSize(20);
    }

    /** The third port that it listens on. */
    private static int port(Process cloud, int... known) throws Exception {
        List<Integer> listening = new ArrayList<>();
        Process ss = new ProcessBuilder("sh", "-c", "ss -Hltnp | grep pid=" + cloud.pid() + ",").start();
        for (String line :
                new String(ss.getInputStream().readAllBytes(), US_ASCII).lines().toList()) {
            String address = line.trim().split("\\s+", -1)[3];
            listening.add(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
        }
        for (int port : known) {
            listening.remove(Integer.valueOf(port));
        }
        return listening.getFirst();
    }

    @Test
    void damaged_file_is_a_line_and_no_sentence_between() throws Exception {
        Process cloud = programs.start(Map.of()).process();
        Files.createDirectories(directory.resolve("state/callers/bob"));
        Map<String, String> stranger = programs.environment();
        stranger.put("AWS_ACCESS_KEY_ID", "AKIAUNKNOWN000000000");

        Programs.output(programs.client(stranger, api() + "?method=greet&request=hello&target=pump"));

        assertThat(only(stopped(cloud), "state"))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.path("message").asText()).contains("bob/credentials is missing"));
    }

    @Test
    void packaged_function_writes_lines_too() throws Exception {
        Process cloud = programs.start(Map.of(), "--device", "pump", "--runtime", "process")
                .process();

        Programs.output(
                programs.client(programs.environment(), api() + "?method=greet&request=hello&target=pump&timeout=5"));

        await().atMost(Programs.PATIENCE).until(() -> only(lines(cloud), "call").size() == 1);
        List<JsonNode> lines = stopped(cloud);
        assertThat(only(lines, "call").getFirst().path("requestId"))
                .isEqualTo(only(lines, "request").getFirst().path("requestId"));
    }
}
