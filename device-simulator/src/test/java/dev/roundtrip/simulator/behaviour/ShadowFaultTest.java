package dev.roundtrip.simulator.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.roundtrip.device.method.ManualClock;
import dev.roundtrip.device.shadow.OtherProperties;
import dev.roundtrip.device.shadow.ShadowRefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ShadowFaultTest {
    private static final JsonNode ONE = IntNode.valueOf(1);
    private static final JsonNode TWO = IntNode.valueOf(2);

    private static Optional<JsonNode> apply(ShadowFault fault) throws ShadowRefusedException {
        return fault.distort(ShadowFault.honest()).apply("rpm", ONE);
    }

    @Test
    void each_fault_answers_a_desired_value_in_its_own_way() throws Exception {
        assertThat(apply(ShadowFault.none())).contains(ONE);
        assertThat(apply(ShadowFault.reporting(TWO))).contains(TWO);
        assertThat(apply(ShadowFault.ignoring())).isEmpty();
        assertThatThrownBy(() -> apply(ShadowFault.refusing(423)))
                .isInstanceOfSatisfying(
                        ShadowRefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(423));
    }

    @Test
    void late_device_does_what_it_does_after_a_while() throws Exception {
        ManualClock clock = new ManualClock();
        OtherProperties late = ShadowFault.reporting(TWO)
                .then(ShadowFault.late(Duration.ofSeconds(3), clock))
                .distort(ShadowFault.honest());
        List<JsonNode> reported = new CopyOnWriteArrayList<>();
        Thread device = Thread.ofVirtual().start(() -> {
            try {
                reported.addAll(late.apply("rpm", ONE).stream().toList());
            } catch (ShadowRefusedException wrong) {
                throw new IllegalStateException(wrong);
            }
        });

        clock.awaitSleepers(1);
        assertThat(reported).isEmpty();
        clock.advance(Duration.ofSeconds(3));
        device.join();

        assertThat(reported).containsExactly(TWO);
    }

    @Test
    void part_of_the_desired_values_meets_a_fault_and_the_same_part_with_the_same_seed() throws Exception {
        List<Optional<JsonNode>> first = twenty(7);

        assertThat(first).contains(Optional.of(ONE), Optional.of(TWO)).isEqualTo(twenty(7));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShadowFault.ignoring().sometimes(1.5, new Random(7)));
    }

    private static List<Optional<JsonNode>> twenty(long seed) throws ShadowRefusedException {
        OtherProperties handler =
                ShadowFault.reporting(TWO).sometimes(0.5, new Random(seed)).distort(ShadowFault.honest());
        List<Optional<JsonNode>> reported = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            reported.add(handler.apply("rpm", ONE));
        }
        return reported;
    }

    @Test
    void code_of_a_refusal_is_400_to_599() {
        assertThatIllegalArgumentException().isThrownBy(() -> ShadowFault.refusing(200));
    }
}
