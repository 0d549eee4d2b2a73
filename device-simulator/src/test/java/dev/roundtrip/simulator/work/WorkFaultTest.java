package dev.roundtrip.simulator.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.roundtrip.simulator.work.WorkFault.Kind;
import dev.roundtrip.simulator.work.WorkFault.Moment;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkFaultTest {
    @Test
    void faults_are_read_as_the_command_line_has_them() {
        assertThat(of("slow=200")).isEqualTo(new WorkFault(Kind.SLOW, 200, Moment.AFTER));
        assertThat(of("power-cut=99").kind()).isEqualTo(Kind.POWER_CUT);
        assertThat(of("power-cut=99").number()).isEqualTo(99);
        assertThat(of("reboot")).isEqualTo(new WorkFault(Kind.REBOOT, 0, Moment.AFTER));
        assertThat(of("silent")).isEqualTo(new WorkFault(Kind.SILENT, 0, Moment.AFTER));
    }

    private static WorkFault of(String text) {
        return WorkFault.of(text, new Random(1));
    }

    @Test
    void seed_chooses_the_moment_of_a_power_cut() {
        Function<Integer, Moment> moment =
                seed -> WorkFault.of("power-cut=50", new Random(seed)).moment();

        assertThat(IntStream.range(0, 100).boxed().map(moment)).contains(Moment.values());
        assertThat(moment.apply(7)).isEqualTo(moment.apply(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none", "slow", "slow=x", "slow=-1", "power-cut=101", "reboot=1", "melt"})
    void others_are_refused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(text))
                .withMessageMatching("--work-fault .*(slow=MS|power-cut=PERCENT).*");
    }
}
