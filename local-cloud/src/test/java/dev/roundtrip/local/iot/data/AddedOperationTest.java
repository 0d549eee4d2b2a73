package dev.roundtrip.local.iot.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.http.HttpLimits;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.TestGateway;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.mqtt.Connections;
import dev.roundtrip.mqtt.TestBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The operation that CONTRIBUTING.md adds, as it stands there, on a socket. */
class AddedOperationTest {
    private static final Path CONTRIBUTING = Path.of("../CONTRIBUTING.md");
    private static final Path THIS = Path.of("src/test/java/dev/roundtrip/local/iot/data/AddedOperationTest.java");

    // example: the handler
    /** CountSubscriptions: how many subscriptions a client has. Thread-safe. */
    static final class SubscriptionCounts {
        private final Connections connections;

        SubscriptionCounts(Connections connections) {
            this.connections = connections;
        }

        HttpReply count(OperationRequest request) throws Refusal {
            String clientId = DataPlane.clientId(request);
            int count = connections.subscriptions(clientId).size();
            return RestJson.ok(
                    RestJson.MAPPER.createObjectNode().put("clientId", clientId).put("count", count));
        }
    }
    // end

    private static Operation added(Connections connections) {
        SubscriptionCounts counts = new SubscriptionCounts(connections);
        return
        // example: the line in the table
        Operation.answered(
                "CountSubscriptions",
                "GET /connections/{clientId}/subscription-count",
                new Operation.Permission("iot:ListSubscriptions", "client/{clientId}"),
                counts::count)
        // end
        ;
    }

    private final TestBroker test = new TestGateway(
                    made -> new OperationTable(
                            "example",
                            "none",
                            Set.of("iotdata"),
                            new HttpLimits(8192, 8192, 0),
                            List.of(added(made.connections()))),
                    (request, source) -> new RequestAuthentication.Known(
                            access -> access.resource().equals("client/pump")),
                    UnaryOperator.identity())
            .broker;

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TestBroker.AUTHORITY.client())
                .build()) {
            URI uri = URI.create("https://localhost:" + test.broker.gatewayPort() + path);
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }
    }

    @Test
    void operation_answers_on_a_socket_whoever_may_ask() throws Exception {
        test.mqtt5().connect("pump").subscribe("a").subscribe("b/#");

        assertThat(get("/connections/pump/subscription-count").body()).isEqualTo("{\"clientId\":\"pump\",\"count\":2}");
        assertThat(get("/connections/valve/subscription-count").statusCode()).isEqualTo(403);
        assertThat(get("/connections/%24x/subscription-count").statusCode()).isEqualTo(403);
    }

    @Test
    void example_stands_in_the_guide_as_it_is_compiled() throws IOException {
        String guide = Files.readString(CONTRIBUTING).replaceAll("(?m)^ +", "");

        for (String part : Files.readString(THIS).split("// example: ", -1)) {
            if (part.contains("// end") && !part.startsWith("\"")) {
                String code = part.substring(part.indexOf('\n') + 1, part.indexOf("// end"))
                        .replaceAll("(?m)^ +", "");
                assertThat(guide).contains(code.strip());
            }
        }
    }
}
