package dev.roundtrip.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roundtrip.device.method.MethodFailedException;
import dev.roundtrip.device.method.RefusedException;
import dev.roundtrip.device.responder.Desk;
import dev.roundtrip.device.responder.Limits;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedNameException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a request becomes the author's type, and what the author's handler returns becomes an answer. */
@Timeout(30)
class MethodTableTest {
    /** A request as a record, which checks itself. */
    record Start(int rpm, String mode) {
        Start {
            if (rpm > 3000) {
                throw new IllegalArgumentException("rpm must be 3000 or less");
            }
        }
    }

    private static DeviceBuilder lamp() {
        return RoundtripDevice.named("lamp");
    }

    private static AnswerMessage ask(DeviceBuilder device, String request) throws Exception {
        try (Desk desk = new Desk(Limits.DEFAULT, device.handler())) {
            desk.ask(request);
            return desk.nextMessage();
        }
    }

    private static String word(AnswerMessage answer) {
        return switch (answer) {
            case AnswerMessage.Answered answered -> answered.response().toString();
            case AnswerMessage.Failed failed ->
                "failed: " + failed.error().code() + ": " + failed.error().message();
            case AnswerMessage.Refused refused ->
                "refused: " + refused.refusal().code() + ": "
                        + refused.refusal().message();
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"rpm\":900,\"mode\":\"eco\"}          | {\"was\":\"900 eco\"}",
                "{\"rpm\":900}                           | {\"was\":\"900 null\"}",
                "\"{\\\"rpm\\\":900}\"                   | {\"was\":\"900 null\"}"
            })
    void request_is_read_as_a_record(String request, String response) throws Exception {
        DeviceBuilder device =
                lamp().on("do", Start.class, (start, call) -> Map.of("was", start.rpm() + " " + start.mode()));

        assertThat(word(ask(device, request))).isEqualTo(response);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"rpm\":\"fast\"}        | not a valid",
                "{}                        | rpm",
                "{\"rpm\":1,\"x\":1}       | Unrecognized field",
                "{\"rpm\":3001}            | rpm must be 3000 or less",
                "null                      | null",
                "[1]                       | ",
                "7                         | ",
                "\"text\"                  | "
            })
    void request_that_is_no_such_record_is_refused_and_nothing_runs(String request, String reason) throws Exception {
        DeviceBuilder device = lamp().on("do", Start.class, (start, call) -> {
            throw new AssertionError("it ran");
        });

        assertThat(word(ask(device, request)))
                .startsWith("refused: invalid_request: ")
                .contains(reason == null ? "" : reason);
    }

    @Test
    void text_stays_text_for_a_method_that_takes_text() throws Exception {
        assertThat(word(ask(lamp().on("do", String.class, (text, call) -> text), "\"{}\"")))
                .isEqualTo("\"{}\"");
    }

    @Test
    void request_without_a_type_is_any_json() throws Exception {
        assertThat(word(ask(lamp().on("do", (request, call) -> request), "[1.0,null]")))
                .isEqualTo("[1.0,null]");
    }

    @Test
    void nothing_returned_is_json_null() throws Exception {
        assertThat(word(ask(lamp().on("do", (request, call) -> null), "1"))).isEqualTo("null");
    }

    @Test
    void errors_and_refusals_are_values_or_exceptions() throws Exception {
        assertThat(word(ask(lamp().on("do", (request, call) -> new DeviceError("jammed", "it is stuck")), "1")))
                .isEqualTo("failed: jammed: it is stuck");
        assertThat(word(ask(
                        lamp().on("do", (request, call) -> {
                            throw new MethodFailedException("jammed", "it is stuck");
                        }),
                        "1")))
                .isEqualTo("failed: jammed: it is stuck");
        assertThat(word(ask(lamp().on("do", (request, call) -> new DeviceRefusal("locked", "by hand")), "1")))
                .isEqualTo("refused: locked: by hand");
        assertThat(word(ask(
                        lamp().on("do", (request, call) -> {
                            throw RefusedException.busy("it cools down", Duration.ofSeconds(30));
                        }),
                        "1")))
                .isEqualTo("refused: busy: it cools down");
    }

    @Test
    void refusal_with_a_long_message_is_a_refusal_and_its_message_is_cut() throws Exception {
        String message = "x".repeat(2_000);
        DeviceBuilder unfit = lamp().on("do", (request, call) -> {
            throw call.invalidRequest(message);
        });
        DeviceBuilder busy = lamp().on("do", (request, call) -> {
            throw RefusedException.busy(message, Duration.ofSeconds(30));
        });

        assertThat(word(ask(unfit, "1")))
                .startsWith("refused: invalid_request: xxx")
                .hasSizeLessThan(1_100);
        assertThat(word(ask(busy, "1"))).startsWith("refused: busy: xxx").hasSizeLessThan(1_100);
    }

    @Test
    void defect_is_an_error_without_its_message() throws Exception {
        assertThat(word(ask(
                        lamp().on("do", (request, call) -> {
                            throw new IOException("secret");
                        }),
                        "1")))
                .startsWith("failed: internal: ")
                .contains("IOException")
                .doesNotContain("secret");
    }

    @Test
    void method_without_a_handler_is_unknown() throws Exception {
        assertThat(word(ask(lamp().on("open", (request, call) -> 1).on("close", (request, call) -> 1), "1")))
                .isEqualTo("refused: unknown_method: there is no method 'do'; there are close, open");
    }

    @Test
    void handler_for_others_knows_the_name_and_may_refuse_it() throws Exception {
        DeviceBuilder device = lamp().onOther((request, call) -> call.method().value());

        assertThat(word(ask(device, "1"))).isEqualTo("\"do\"");
        assertThat(word(ask(
                        lamp().onOther((request, call) -> {
                            throw call.unknownMethod();
                        }),
                        "1")))
                .startsWith("refused: unknown_method");
    }

    @Test
    void mapper_of_the_author_reads_and_writes() throws Exception {
        ObjectMapper lenient = new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

        assertThat(word(ask(
                        lamp().mapper(lenient).on("do", Start.class, (start, call) -> start), "{\"rpm\":1,\"x\":1}")))
                .isEqualTo("{\"rpm\":1,\"mode\":null}");
    }

    @Test
    void name_is_a_methods_name_and_is_given_once() {
        assertThatThrownBy(() -> lamp().on("a b", (request, call) -> 1)).isInstanceOf(MalformedNameException.class);
        assertThatThrownBy(() -> lamp().on("a", (request, call) -> 1).on("a", (request, call) -> 2))
                .hasMessageContaining("two methods 'a'");
        assertThatThrownBy(() -> lamp().on("lane.get", (request, call) -> 1)).hasMessageContaining("library");
    }

    @Test
    void names_of_the_library_are_in_no_lane_of_the_author() {
        assertThatThrownBy(() -> lamp().lane("lane.set", "up")).hasMessageContaining("library");
        assertThatThrownBy(() -> lamp().lane("arm", "up", "lane.set")).hasMessageContaining("library");
        assertThatThrownBy(() -> lamp().serial("lane.set")).hasMessageContaining("library");
    }

    @Test
    void serial_method_of_a_joined_lane_is_refused_with_the_name_of_the_lane() {
        DeviceBuilder device = lamp().serial("up").lane("arm", "up", "down");

        assertThatThrownBy(device::rules)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("say serial(\"arm\")");
        assertThat(lamp().lane("arm", "up", "down")
                        .serial("arm", "turn")
                        .rules()
                        .lanes()
                        .serial())
                .hasSize(2);
    }

    @Test
    void clock_tolerance_and_limits_may_come_in_any_order() {
        Duration tolerance = Duration.ofSeconds(2);
        Limits few = Limits.DEFAULT.withMaxInFlight(1);
        Limits both = few.withClockTolerance(tolerance);

        assertThat(lamp().clockTolerance(tolerance).limits(few).rules().limits())
                .isEqualTo(both);
        assertThat(lamp().limits(few).clockTolerance(tolerance).rules().limits())
                .isEqualTo(both);
        assertThat(lamp().limits(both).rules().limits()).isEqualTo(both);
        assertThatThrownBy(() -> lamp().clockTolerance(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bytes_in_a_response_become_base64() throws Exception {
        byte[] bytes = {1, 2, 3};

        assertThat(word(ask(lamp().on("do", (request, call) -> bytes), "1"))).isEqualTo("\"AQID\"");
        assertThat(word(ask(lamp().on("do", (request, call) -> Map.of("image", bytes)), "1")))
                .isEqualTo("{\"image\":\"AQID\"}");
        assertThat(word(ask(lamp().on("do", (request, call) -> Json.object().put("image", bytes)), "1")))
                .isEqualTo("{\"image\":\"AQID\"}");
    }

    @Test
    void broker_and_identity_must_be_given() {
        assertThatThrownBy(() -> lamp().connect()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> lamp().at("localhost")
                        .identity(Path.of("no-cert"), Path.of("no-key"), Path.of("no-ca"))
                        .connect())
                .isInstanceOf(NotReadyException.class);
    }

    @Test
    void store_that_cannot_be_used_is_told_at_once() {
        assertThatThrownBy(() -> lamp().at("localhost")
                        .identity(Path.of("no-cert"), Path.of("no-key"), Path.of("no-ca"))
                        .store(Path.of("no-directory", "lamp.journal"))
                        .connect())
                .isInstanceOf(NotReadyException.class)
                .hasMessageContaining("the store");
    }
}
