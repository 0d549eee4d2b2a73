package dev.roundtrip.local.iot.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.hostile.HostileDocuments;
import dev.roundtrip.local.http.TestGateway;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.local.http.operation.WrongRequest;
import dev.roundtrip.local.iot.data.AllTables;
import dev.roundtrip.mqtt.TestBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that are made to harm, to every operation of the control plane, those of groups, jobs, commands and
 * provisioning included: the same for the same {@code -Dfuzz.seed}, and more of them with {@code -Dfuzz.factor}. Each
 * is answered, with an error as the service writes it, and nothing changes.
 */
class HostileControlPlaneTest {
    private static final long SEED = Long.getLong("fuzz.seed", 20_261_128L);
    private static final int FACTOR = Integer.getInteger("fuzz.factor", 1);
    private static final JsonMapper MAPPER = new JsonMapper();

    /** In the place of one member of a body. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "1.5",
            "1e999999999",
            "123456789012345678901234567890",
            "\"\"",
            "\"\\u0000\"",
            "\"*\"",
            "\"../..\"",
            "\"${iot:ClientId}\"",
            "\"" + "n".repeat(40_000) + "\"",
            "[]",
            "{}",
            "[[[[[[[[[]]]]]]]]]",
            "[null]",
            "{\"\":{\"\":null}}",
            "{\"a\":\"" + "v".repeat(5_000) + "\"}");

    /** In the place of a part of the path, percent-encoded. */
    private static final List<String> NAMES = List.of(
            "%00",
            "%01",
            "a%00b",
            "%ED%A0%80",
            "%C0%AF",
            "%FF",
            "%F0%9F%98%80",
            "..",
            "%2E%2E%2F%2E%2E",
            "a%2Fb",
            "*",
            "%2B",
            "%23",
            "%24%7Biot%3AClientId%7D",
            "%25s%25n",
            "'%20OR%20'1",
            "n".repeat(129),
            "n".repeat(5_000));

    private final TestGateway gateway = new TestGateway(
            made -> AllTables.of(made).getFirst(),
            (request, source) -> new RequestAuthentication.Known(access -> true),
            UnaryOperator.identity());
    private final OperationTable table = AllTables.of(gateway.broker.broker).getFirst();
    private final List<Operation> served = table.operations().stream()
            .filter(operation -> operation.handler() != null)
            .toList();
    private final Random random = new Random(SEED);

    @SuppressWarnings("NullAway.Init") // set before each test
    private HttpClient http;

    private record Request(String method, String target, String body, List<String> headers) {
        @Override
        public String toString() {
            return shortened(method + " " + target + " " + headers + " " + body);
        }
    }

    private record Answer(int status, String error, String body) {}

    @BeforeEach
    void makeThings() throws Exception {
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TestBroker.AUTHORITY.client())
                .build();
        System.out.println("HostileControlPlaneTest: -Dfuzz.seed=" + SEED + " -Dfuzz.factor=" + FACTOR);
        for (String path : List.of("/things/pump", "/thing-groups/pumps")) {
            assertThat(ask(new Request("POST", path, "{}", List.of())).status()).isEqualTo(200);
        }
    }

    @AfterEach
    void stop() throws IOException {
        http.close();
        gateway.close();
    }

    private Answer ask(Request request) {
        HttpRequest.Builder asked = HttpRequest.newBuilder(
                        URI.create("https://localhost:" + gateway.broker.broker.gatewayPort() + request.target()))
                .header("Authorization", "any")
                .method(
                        request.method(),
                        request.body().isEmpty()
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofByteArray(request.body().getBytes(StandardCharsets.ISO_8859_1)));
        for (int i = 0; i < request.headers().size(); i += 2) {
            asked.header(request.headers().get(i), request.headers().get(i + 1));
        }
        try {
            HttpResponse<String> response = http.send(asked.build(), BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("x-amzn-ErrorType").orElse(""),
                    response.body());
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(request.toString(), failure);
        }
    }

    /** The request of an operation, with everything that the table demands; what the path names is not there. */
    private static Request request(Operation operation) {
        WrongRequest.Sent right = new WrongRequest(operation, Member.path("none"), "right", List.of()).sent();
        return new Request(
                right.method(),
                right.target().replaceAll("\\{\\w+\\+?}", "nobody"),
                right.body().isEmpty() ? "{}" : right.body(),
                right.headers());
    }

    private static boolean hasBody(Operation operation) {
        return !operation.method().equals("GET") && !operation.method().equals("DELETE");
    }

    /** AWS's model of CreateKeysAndCertificate has no body: what is sent is passed over. */
    private static boolean readsBody(Operation operation) {
        return hasBody(operation) && !operation.name().equals("CreateKeysAndCertificate");
    }

    /** What all lists without a name say. */
    private Map<String, JsonNode> everything() throws IOException {
        Map<String, JsonNode> lists = new TreeMap<>();
        for (Operation operation : served) {
            if (operation.name().startsWith("List")
                    && operation.method().equals("GET")
                    && !operation.uri().toString().contains("{")) {
                Answer answer = ask(request(operation));
                if (answer.status() == 200) {
                    lists.put(operation.name(), MAPPER.readTree(answer.body()));
                }
            }
        }
        assertThat(lists).containsKeys("ListThings", "ListThingGroups", "ListPolicies", "ListCertificates", "ListJobs");
        return lists;
    }

    private static void expectRefusal(Request request, Answer answer) throws IOException {
        assertThat(answer.status()).as(request + " " + shortened(answer.body())).isBetween(400, 499);
        assertThat(answer.error()).as(request.toString()).isNotEmpty();
        assertThat(MAPPER.readTree(answer.body()).path("message").isTextual())
                .as(request.toString())
                .isTrue();
    }

    private static void expectAnswer(Request request, Answer answer) throws IOException {
        if (answer.status() != 200 && answer.status() != 204) {
            expectRefusal(request, answer);
        }
    }

    private static String shortened(String text) {
        return text.length() < 300 ? text : text.substring(0, 300) + "… of " + text.length();
    }

    @Test
    void body_that_is_no_document_is_refused_by_every_operation() throws Exception {
        Map<String, JsonNode> before = everything();
        int asked = 0;
        for (Operation operation : served) {
            for (Map.Entry<String, byte[]> document : HostileDocuments.json().entrySet()) {
                String body = new String(document.getValue(), StandardCharsets.ISO_8859_1);
                if (readsBody(operation) && !isDocument(document.getValue())) {
                    Request right = request(operation);
                    Request broken = new Request(right.method(), right.target(), body, right.headers());
                    expectRefusal(broken, ask(broken));
                    asked++;
                }
            }
        }
        assertThat(asked).isGreaterThan(500);
        assertThat(everything()).isEqualTo(before);
    }

    private static boolean isDocument(byte[] bytes) {
        try (var parser = MAPPER.createParser(bytes)) {
            JsonNode read = MAPPER.readTree(parser);
            return read != null && read.isObject() && parser.nextToken() == null;
        } catch (IOException broken) {
            return false;
        }
    }

    @Test
    void member_of_a_wrong_type_is_refused_or_of_no_account() throws Exception {
        for (int round = 0; round < FACTOR; round++) {
            for (Operation operation : served) {
                Request right = request(operation);
                ObjectNode body = (ObjectNode) MAPPER.readTree(right.body());
                List<String> names = new ArrayList<>();
                operation.input().members().stream()
                        .filter(member -> member.place() == Member.Place.BODY)
                        .forEach(member -> names.add(member.sent()));
                names.add("unknown");
                for (String name : names) {
                    for (String value : VALUES) {
                        Request wrong =
                                new Request(right.method(), right.target(), with(body, name, value), right.headers());
                        expectAnswer(wrong, ask(wrong));
                    }
                }
            }
        }
    }

    /** The body with a value, which may be one that no tree of JSON can have. */
    private static String with(ObjectNode body, String name, String value) {
        StringBuilder text = new StringBuilder("{");
        for (Iterator<Map.Entry<String, JsonNode>> members = body.fields(); members.hasNext(); ) {
            Map.Entry<String, JsonNode> member = members.next();
            if (!member.getKey().equals(name)) {
                text.append('"')
                        .append(member.getKey())
                        .append("\":")
                        .append(member.getValue())
                        .append(',');
            }
        }
        return text.append('"')
                .append(name)
                .append("\":")
                .append(value)
                .append('}')
                .toString();
    }

    @Test
    void name_in_a_path_that_is_hostile_is_refused_or_of_nothing() throws Exception {
        Map<String, JsonNode> before = everything();
        for (Operation operation : served) {
            if (operation.uri().toString().contains("{")) {
                for (String name : NAMES) {
                    Request right = request(operation);
                    String path = operation.uri().toString().replaceAll("\\{\\w+\\+?}", name.replace("$", "\\$"));
                    Request wrong = new Request(right.method(), path, "[" + right.body(), right.headers());
                    if (hasBody(operation)) {
                        expectRefusal(wrong, ask(wrong));
                    } else {
                        Request without = new Request(right.method(), path, "", right.headers());
                        expectAnswer(without, ask(without));
                    }
                }
            }
        }
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void method_that_an_operation_does_not_have_is_refused() throws Exception {
        Map<String, JsonNode> before = everything();
        for (Operation operation : served) {
            for (String method : List.of("TRACE", "PURGE", "get", "PROPFIND", "OPTIONS")) {
                Request wrong = new Request(method, request(operation).target(), "", List.of());
                expectRefusal(wrong, ask(wrong));
            }
        }
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void parameter_and_header_twice_are_answered() throws Exception {
        Map<String, JsonNode> before = everything();
        for (Operation operation : served) {
            Request right = request(operation);
            List<String> query = new ArrayList<>(List.of("maxResults", "nextToken", "unknown"));
            List<String> headers = new ArrayList<>(List.of("x-amzn-principal", "x-amzn-iot-principal", "x-unknown"));
            operation.input().members().forEach(member -> {
                if (member.place() == Member.Place.QUERY) {
                    query.add(member.sent());
                } else if (member.place() == Member.Place.HEADER) {
                    headers.add(member.sent());
                }
            });
            for (String name : query) {
                String value = NAMES.get(random.nextInt(NAMES.size()));
                String target = right.target().replaceAll("\\?.*", "") + "?" + name + "=" + value + "&" + name + "=1";
                Request twice = new Request(right.method(), target, hasBody(operation) ? "[" : "", right.headers());
                expectAnswer(twice, ask(twice));
            }
            for (String name : headers) {
                Request twice = new Request(
                        right.method(),
                        right.target(),
                        hasBody(operation) ? "[" : "",
                        List.of(name, "a", name, "b".repeat(4_000)));
                expectAnswer(twice, ask(twice));
            }
        }
        assertThat(Objects.requireNonNull(before.get("ListThings")))
                .isEqualTo(everything().get("ListThings"));
    }
}
