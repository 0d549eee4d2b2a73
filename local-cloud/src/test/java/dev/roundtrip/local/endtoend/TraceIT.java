package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.sigv4.HeaderLine;
import dev.roundtrip.sigv4.UnsignedRequest;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.method.Methods;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The caller's header {@code traceparent}, on its way to the device and into the log. */
class TraceIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

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

    @ParameterizedTest
    @CsvSource({
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, 4bf92f3577b34da6a3ce929d0e0e4736",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01, ''",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01, ''",
        "anything, ''"
    })
    void trace_reaches_the_method_and_the_log_if_its_header_is_well_formed(String header, String traceId)
            throws Exception {
        Methods tracing = new Methods(Map.of(), (request, call) -> JsonText.string(String.valueOf(call.trace())));
        cloud.device("pump", Behaviour.honest(tracing));

        HttpResponse<String> answer = cloud.send(cloud.signer()
                .sign(new UnsignedRequest(
                        "POST",
                        cloud.cloud().apiEndpoint(),
                        List.of(
                                new HeaderLine("Content-Type", "application/json"),
                                new HeaderLine("traceparent", header)),
                        "{\"target\":\"pump\",\"method\":\"open\",\"request\":1,\"timeout\":20}"
                                .getBytes(StandardCharsets.UTF_8))));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer).path("response").textValue()).isEqualTo(traceId.isEmpty() ? "null" : header);
        String id = json(answer).path("id").textValue();
        await().untilAsserted(() -> assertThat(cloud.log())
                .filteredOn(line -> line.contains(id) && line.contains("\"call\""))
                .hasSize(1)
                .allSatisfy(
                        line -> assertThat(read(line).path("traceId").asText()).isEqualTo(traceId)));
    }

    private static JsonNode read(String line) throws Exception {
        return Json.mapper().readTree(line);
    }
}
