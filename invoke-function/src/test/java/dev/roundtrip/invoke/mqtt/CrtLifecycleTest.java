package dev.roundtrip.invoke.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.invoke.Clocks;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CrtLifecycleTest {
    private final AtomicLong nanos = new AtomicLong();
    private final CrtLifecycle lifecycle = new CrtLifecycle(
            new MqttChannel.Listener() {
                @Override
                public boolean received(String topic, byte[] payload) {
                    return false;
                }

                @Override
                public void lost(String why) {}
            },
            new Clocks(() -> Instant.EPOCH.plusNanos(nanos.get()), nanos::get));

    @Test
    void answer_that_was_read_after_a_freeze_is_as_old_as_its_question() {
        Clocks.Moment asked = lifecycle.now();
        Duration freeze = Duration.ofSeconds(3);
        nanos.addAndGet(freeze.toNanos());

        lifecycle.answered(asked);

        assertThat(lifecycle.silentNanos()).isEqualTo(freeze.toNanos());
    }

    @Test
    void answer_to_an_earlier_question_takes_nothing_back() {
        Clocks.Moment early = lifecycle.now();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        lifecycle.answered(lifecycle.now());

        lifecycle.answered(early);

        assertThat(lifecycle.silentNanos()).isZero();
    }
}
