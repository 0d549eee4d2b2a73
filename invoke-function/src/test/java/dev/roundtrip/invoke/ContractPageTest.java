package dev.roundtrip.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.Epoch;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Order;
import dev.roundtrip.protocol.RequestKey;
import dev.roundtrip.protocol.RequestMessage;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.protocol.TraceParent;
import dev.roundtrip.protocol.WireId;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of docs/protocol.md say what the code does. */
class ContractPageTest {
    private static final Path PAGE = Path.of("..", "docs", "protocol.md");

    private static final Pattern WORD = Pattern.compile("`([a-zA-Z_]+)`");

    private static final List<InvocationResult> RESULTS = List.of(
            new InvocationResult.Ok(JsonText.string("")),
            new InvocationResult.Accepted(),
            new InvocationResult.DeviceFailed(new DeviceError("jammed", "")),
            new InvocationResult.Unreadable("payload is not UTF-8"),
            new InvocationResult.Refused(new DeviceRefusal("door_is_open", "")),
            new InvocationResult.Refused(new DeviceRefusal(DeviceRefusal.BUSY, "")),
            new InvocationResult.TimedOut(),
            new InvocationResult.Defect(),
            new InvocationResult.Offline(null, null),
            new InvocationResult.Unavailable(""),
            new InvocationResult.Throttled(""),
            new InvocationResult.TooLarge(""),
            new InvocationResult.Invalid(List.of(new Problem("target", "target is missing"))));

    /** The cells of a table's rows, by the text of its first heading. */
    private static List<List<String>> table(String heading) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("| " + heading + " |")) {
                inside = true;
            } else if (inside && !line.startsWith("|")) {
                break;
            } else if (inside && !line.startsWith("|---")) {
                rows.add(Arrays.stream(line.substring(1).split("(?<!\\\\)\\|"))
                        .map(String::strip)
                        .toList());
            }
        }
        assertThat(rows).as("the table of %s", heading).isNotEmpty();
        return rows;
    }

    private static List<String> words(String cell) {
        return WORD.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    private static HttpReply reply(InvocationResult result) {
        CallRequest request = new CallRequest(
                new Target("pump"),
                new Method("start"),
                JsonText.string(""),
                Duration.ofSeconds(1),
                AbsencePolicy.UNHEEDED,
                Guarantees.NONE,
                null);
        return Replies.of(
                new Ending(result, new Ending.Call(MessageId.random(), request), Duration.ZERO, new Timings(() -> 0L)));
    }

    @Test
    void every_parameter_has_a_row() throws IOException {
        List<String> named = table("name").stream()
                .flatMap(row -> words(row.getFirst()).stream())
                .toList();

        assertThat(named).containsExactlyInAnyOrderElementsOf(Parameters.NAMES);
    }

    @Test
    void every_result_has_a_row_with_its_status() throws IOException {
        List<String> told = table("`result`").stream()
                .map(row -> words(row.getFirst()).getFirst() + " " + row.get(1))
                .toList();

        assertThat(told)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(RESULTS.stream()
                        .map(result ->
                                Replies.name(result) + " " + reply(result).status())
                        .distinct()
                        .toList());
        assertThat(RESULTS.stream().map(Object::getClass))
                .containsAll(leaves(InvocationResult.class).toList());
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(ContractPageTest::leaves)
                : Stream.of(type);
    }

    @Test
    void every_result_but_ok_and_accepted_has_an_error_with_code_and_message() throws IOException {
        for (InvocationResult result : RESULTS) {
            JsonNode body = Json.mapper().readTree(reply(result).body());
            int status = reply(result).status();

            assertThat(body.path("error").path("code").isTextual()
                            && body.path("error").path("message").isTextual())
                    .as(body.toString())
                    .isEqualTo(status >= 300);
            assertThat(body.has("response")).as(body.toString()).isEqualTo(status == 200);
            assertThat(reply(result).headers().containsKey("Retry-After"))
                    .as(body.toString())
                    .isEqualTo(status == 503 || status == 429);
        }
    }

    @Test
    void every_code_of_a_refusal_has_a_row() throws Exception {
        List<String> codes = new ArrayList<>();
        for (var field : DeviceRefusal.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
                codes.add((String) field.get(null));
            }
        }

        assertThat(table("`error.code`").stream().flatMap(row -> words(row.getFirst()).stream()))
                .containsExactlyInAnyOrderElementsOf(codes);
    }

    @Test
    void every_member_of_a_request_is_named_in_its_order() throws Exception {
        String hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
        RequestMessage message = new RequestMessage(
                Instant.EPOCH,
                JsonText.string(""),
                WireId.of(MessageId.random()),
                Instant.EPOCH,
                new Order(2, 1L, new Epoch("k3")),
                new RequestKey(hash, hash, 1, RequestKey.Replay.ONLY),
                new TraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        List<String> members = new ArrayList<>();
        Json.mapper().readTree(message.encode()).fieldNames().forEachRemaining(members::add);
        String row = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| request | `<target>/<method>/"))
                .findFirst()
                .orElseThrow();

        assertThat(Pattern.compile("\"([a-z]+)\":|`([a-z]+)`")
                        .matcher(row)
                        .results()
                        .map(found -> found.group(1) == null ? found.group(2) : found.group(1)))
                .containsExactlyElementsOf(members);
    }

    @Test
    void settings_that_the_page_names_are_the_parsers() throws IOException {
        Matcher keep = Pattern.compile("from 1 to ([0-9,]+); ([0-9]+) when absent")
                .matcher(String.join(
                        "\n",
                        table("name").stream()
                                .filter(row -> row.getFirst().equals("`keep`"))
                                .map(row -> row.get(2))
                                .toList()));

        assertThat(keep.find()).isTrue();
        assertThat(keep.group(1).replace(",", "")).isEqualTo(Integer.toString(RequestKey.MAX_KEEP_SECONDS));
        assertThat(keep.group(2)).isEqualTo(Integer.toString(RequestKey.DEFAULT_KEEP_SECONDS));
    }
}
