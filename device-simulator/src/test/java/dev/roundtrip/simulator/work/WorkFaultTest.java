package dev.roundtrip.simulator.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.roundtrip.simulator.work.WorkFault.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkFaultTest {
    @Test
    void faults_are_read_as_the_command_line_has_them() {
        assertThat(WorkFault.of("slow=200")).isEqualTo(new WorkFault(Kind.SLOW, 200));
        assertThat(WorkFault.of("power-cut=99")).isEqualTo(new WorkFault(Kind.POWER_CUT, 99));
        assertThat(WorkFault.of("reboot")).isEqualTo(new WorkFault(Kind.REBOOT, 0));
        assertThat(WorkFault.of("silent")).isEqualTo(new WorkFault(Kind.SILENT, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none", "slow", "slow=x", "slow=-1", "power-cut=101", "reboot=1", "melt"})
    void others_are_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> WorkFault.of(text));
    }
}
