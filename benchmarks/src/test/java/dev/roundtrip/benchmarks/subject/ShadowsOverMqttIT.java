package dev.roundtrip.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.benchmarks.load.ClosedLoop;
import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.stage.Stage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShadowsOverMqttIT {
    private static final int MORE_THAN_A_CONNECTION_MAY_ASK_AT_ONCE = 400;

    @Test
    void update_that_the_broker_does_not_take_is_an_error_and_is_not_waited_for() throws Exception {
        try (Stage stage = new Stage(List.of());
                ShadowsOverMqtt updates =
                        new ShadowsOverMqtt(stage.cloud(), new Shadows(MORE_THAN_A_CONNECTION_MAY_ASK_AT_ONCE))) {

            Sample sample = ClosedLoop.run(updates, MORE_THAN_A_CONNECTION_MAY_ASK_AT_ONCE, Duration.ofMillis(100));

            assertThat(sample.count()).isPositive();
            assertThat(sample.errors()).isPositive();
        }
    }
}
