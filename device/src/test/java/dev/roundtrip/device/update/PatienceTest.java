package dev.roundtrip.device.update;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How long a device waits before it asks again. */
class PatienceTest {
    @Test
    void pauses_grow_up_to_the_longest() {
        Patience patience = Patience.DEFAULT;

        Duration pause = patience.first();
        for (int failed = 0; failed < 20; failed++) {
            Duration next = patience.after(pause);
            assertThat(next).isGreaterThanOrEqualTo(pause).isLessThanOrEqualTo(patience.longest());
            pause = next;
        }

        assertThat(pause).isEqualTo(patience.longest());
    }

    @Test
    void devices_that_were_refused_together_do_not_come_back_together() {
        Duration pause = Duration.ofSeconds(60);

        Set<Duration> pauses = IntStream.range(0, 1_000)
                .mapToObj(device -> Patience.jittered(pause))
                .collect(Collectors.toSet());

        assertThat(pauses)
                .hasSizeGreaterThan(900)
                .allSatisfy(waited -> assertThat(waited).isBetween(Duration.ofSeconds(30), pause));
        assertThat(Patience.jittered(Duration.ZERO)).isZero();
    }
}
