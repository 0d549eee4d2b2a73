package dev.roundtrip.local.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultSpecTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "seed=7",
                "seed=-3,drop=0.01",
                "seed=7,drop=0.01,delay=0.05:250ms,duplicate=0.01,reorder=0.02,late=0.1:2s,cut=0.005,forge=0.01,"
                        + "restart=10s:300ms",
                "seed=7,drop=1,restart=60s:0s"
            })
    void text_is_written_as_it_is_read(String text) {
        assertThat(FaultSpec.parse(text)).hasToString(text);
    }

    @Test
    void times_that_are_not_given_are_the_usual_ones() {
        FaultSpec spec = FaultSpec.parse("delay=0.5, late=.5,restart=1m,seed=1");

        assertThat(spec).hasToString("seed=1,delay=0.5:200ms,late=0.5:500ms,restart=60s:500ms");
        assertThat(spec.restarts()).isEqualTo(new Restarts(Duration.ofMinutes(1), Duration.ofMillis(500)));
    }

    @Test
    void seed_that_is_not_given_is_there_to_be_repeated() {
        FaultSpec spec = FaultSpec.parse("drop=0.5");

        assertThat(FaultSpec.parse(spec.toString()).seed()).isEqualTo(spec.seed());
    }

    @Test
    void share_of_nothing_is_no_fault() {
        assertThat(FaultSpec.parse("seed=1,drop=0,cut=0.0").isNone()).isTrue();
        assertThat(FaultSpec.parse("seed=1,drop=0.1").isNone()).isFalse();
        assertThat(FaultSpec.parse("seed=1,restart=1s").isNone()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                   | each part must be NAME=VALUE, but one is ''",
                "drop                 | each part must be NAME=VALUE, but one is 'drop'",
                "drop=0.1,            | each part must be NAME=VALUE, but one is ''",
                "drip=0.1             | there is no fault 'drip'; there are drop, delay",
                "drop=0.1,drop=0.1    | drop is given twice",
                "drop=2               | drop must be a part of all messages, 0 to 1, but is '2'",
                "drop=1.5             | drop must be a part of all messages, 0 to 1, but is '1.5'",
                "drop=-0.1            | drop must be a part of all messages, 0 to 1, but is '-0.1'",
                "drop=NaN             | drop must be a part of all messages, 0 to 1, but is 'NaN'",
                "drop=0.1:1s          | drop must be a part of all messages, 0 to 1, but is '0.1:1s'",
                "delay=0.1:soon       | the time of delay must be one such as 200ms, 2s or 1m",
                "delay=0.1:           | the time of delay must be one such as 200ms, 2s or 1m",
                "late=0.1:99999m      | an hour at the most",
                "restart=0s           | restart needs some time in between",
                "restart=often        | the time of restart must be one such as",
                "seed=x               | seed must be a whole number, but is 'x'",
                "drop=0.6,cut=0.6     | must not exceed 1 together, but are 1.2",
            })
    void anything_else_is_told_what_is_wrong(String text, String problem) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultSpec.parse(text))
                .withMessageContaining(problem);
    }

    @Test
    void same_seed_decides_alike() {
        String text = "drop=0.2,delay=0.2,duplicate=0.2,seed=";
        FaultRandom one = new FaultRandom(FaultSpec.parse(text + 5));
        FaultRandom same = new FaultRandom(FaultSpec.parse(text + 5));
        FaultRandom other = new FaultRandom(FaultSpec.parse(text + 6));

        boolean differs = false;
        for (int i = 0; i < 1_000; i++) {
            MessageFault fault = one.next();
            assertThat(same.next()).isEqualTo(fault);
            differs |= !String.valueOf(fault).equals(String.valueOf(other.next()));
        }
        assertThat(differs).isTrue();
    }

    @Test
    void shares_are_kept() {
        FaultRandom random = new FaultRandom(FaultSpec.parse("seed=1,drop=0.1,cut=0.3"));

        int dropped = 0;
        int cut = 0;
        for (int i = 0; i < 10_000; i++) {
            MessageFault fault = random.next();
            dropped += fault instanceof MessageFault.Drop ? 1 : 0;
            cut += fault instanceof MessageFault.Cut ? 1 : 0;
        }

        assertThat(dropped).isBetween(900, 1_100);
        assertThat(cut).isBetween(2_800, 3_200);
    }
}
