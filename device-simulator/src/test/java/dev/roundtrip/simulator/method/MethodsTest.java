package dev.roundtrip.simulator.method;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.roundtrip.device.method.ManualClock;
import dev.roundtrip.device.method.MethodFailedException;
import dev.roundtrip.device.method.TestCall;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MethodsTest {
    private static final Instant DEADLINE = ManualClock.START.plusSeconds(10);

    private final ManualClock clock = new ManualClock();
    private final Methods methods = Methods.standard(clock, new Random(1));

    private JsonText run(String method, String request) throws Exception {
        return methods.method(new Method(method))
                .orElseThrow()
                .run(JsonText.parse(request.getBytes(UTF_8)), TestCall.until(DEADLINE, clock));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "add | [1,2,3]                | 6",
                "add | [0.1,0.2]              | 0.3",
                "add | [9007199254740993,1]   | 9007199254740994",
                "add | [1e400,-1e400]         | 0",
                "add | [5]                    | 5",
                "sub | [10,3,2]               | 5",
                "sub | [1]                    | 1",
                "mul | [1.5,-2]               | -3.0",
                "mul | [123456789012345678901234567890,10] | 1234567890123456789012345678900",
                "div | [10,4]                 | 2.5",
                "div | [100,5,4]              | 5",
                "div | [1,3]                  | 0.3333333333333333333333333333333333",
                "div | [2,3]                  | 0.6666666666666666666666666666666667",
                "div | [0,5]                  | 0",
                "add | \"[1,2]\"              | 3",
            })
    void arithmetic_is_exact(String method, String request, String result) throws Exception {
        assertThat(run(method, request)).hasToString(result);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "div   | [1,0]          | division_by_zero",
                "div   | [1,0e5]        | division_by_zero",
                "div   | [0,0]          | division_by_zero",
                "add   | []             | invalid_arguments",
                "add   | {}             | invalid_arguments",
                "add   | null           | invalid_arguments",
                "add   | 5              | invalid_arguments",
                "add   | [1,\"2\"]      | invalid_arguments",
                "add   | [1,[2]]        | invalid_arguments",
                "add   | [null]         | invalid_arguments",
                "add   | \"1,2\"        | invalid_arguments",
                "add   | \"[1,\"        | invalid_arguments",
                "add   | \"\"           | invalid_arguments",
                "add   | [1e1001]       | out_of_range",
                "add   | [1e-1001]      | out_of_range",
                "mul   | [1e600,1e600]  | out_of_range",
                "mul   | [1e1000000000,1e1000000000] | out_of_range",
                "div   | [1e-600,1e600] | out_of_range",
                "sleep | -1             | invalid_arguments",
                "sleep | 0.5            | invalid_arguments",
                "sleep | true           | invalid_arguments",
                "sleep | []             | invalid_arguments",
                "sleep | \"soon\"       | invalid_arguments",
                "sleep | 1e2000000000   | out_of_range",
            })
    @Timeout(5)
    void wrong_arguments_are_an_error(String method, String request, String code) {
        assertThatThrownBy(() -> run(method, request))
                .asInstanceOf(type(MethodFailedException.class))
                .satisfies(failed -> {
                    assertThat(failed.error().code()).isEqualTo(code);
                    assertThat(failed.error().message()).isNotEmpty();
                });
    }

    @Test
    @Timeout(10)
    void the_most_expensive_request_is_still_cheap() throws Exception {
        String longest = "9".repeat(999);
        StringBuilder request = new StringBuilder("[").append(longest);
        for (int i = 1; i < Arguments.MAX_NUMBERS; i++) {
            request.append(i == 1 ? ",7" : ",1");
        }

        assertThat(run("div", request.append("]").toString()).tree().isNumber()).isTrue();
    }

    @Test
    void more_numbers_than_anybody_needs_are_refused() {
        assertThatThrownBy(() -> run("add", "[" + "1,".repeat(Arguments.MAX_NUMBERS) + "1]"))
                .isInstanceOf(MethodFailedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1.0", "\"text\"", "[1,{\"a\":[]}]", "1E+400", "1e2", "-0.0", "\"\\uD800\""})
    void echo_gives_back_what_it_got(String request) throws Exception {
        assertThat(run("echo", request)).hasToString(request);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"my_request_1\" | my_request_1",
                "{\"a\":1.0}      | {\"a\":1.0}",
                "null             | null",
                "5                | 5",
            })
    void greet_answers_as_the_sample_does(String request, String shown) throws Exception {
        assertThat(run("greet", request))
                .extracting(greeting -> greeting.tree().textValue())
                .asString()
                .matches(Pattern.quote("Your request was '" + shown + "'. Some random response: '") + "[0-9a-f]{16}'");
    }

    @Test
    void any_other_method_greets_at_the_samples_twin_and_is_unknown_elsewhere() throws Exception {
        Methods twin = Methods.asSample(clock, new Random(1));
        Method whatever = new Method("whatever");

        assertThat(methods.method(whatever)).isEmpty();
        assertThat(methods.unknown(whatever).code()).isEqualTo("unknown_method");
        assertThat(methods.unknown(whatever).message())
                .isEqualTo("there is no method 'whatever'; there are add, div, echo, greet, mul, sleep, sub");
        assertThat(twin.method(whatever).orElseThrow().run(JsonText.string("hi"), TestCall.until(DEADLINE, clock)))
                .asString()
                .startsWith("\"Your request was 'hi'.");
        assertThat(twin.method(new Method("echo")))
                .contains(methods.method(new Method("echo")).orElseThrow());
    }

    @Test
    void sleep_takes_as_long_as_it_is_told() throws Exception {
        CompletableFuture<JsonText> answer = CompletableFuture.supplyAsync(() -> unchecked("sleep", "\"1500\""));
        clock.awaitSleepers(1);

        clock.advance(Duration.ofMillis(1499));
        assertThat(answer).isNotDone();
        clock.advance(Duration.ofMillis(1));

        assertThat(answer.get(5, TimeUnit.SECONDS)).hasToString("\"1500\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10001", "99999999999999999999999999"})
    void sleep_ends_at_the_deadline(String millis) throws Exception {
        CompletableFuture<JsonText> answer = CompletableFuture.supplyAsync(() -> unchecked("sleep", millis));
        clock.awaitSleepers(1);

        clock.advance(Duration.ofSeconds(10));

        assertThat(answer)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withMessageContaining("deadline");
    }

    private JsonText unchecked(String method, String request) {
        try {
            return run(method, request);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }
}
