package dev.roundtrip.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.device.method.ManualClock;
import dev.roundtrip.device.responder.Command;
import dev.roundtrip.device.responder.CommandEvent;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
    private static final Target LAMP = new Target("lamp");

    private final ManualClock clock = new ManualClock();
    private final List<DeviceTrouble> troubles = new ArrayList<>();
    private final ClockWatch watch = new ClockWatch(troubles::add);

    /** A request arrives that was sent so long ago, by the gateway's clock. */
    private void arrive(Duration ahead, Command.Gateway gateway) {
        Instant now = clock.now();
        watch.on(new CommandEvent.Received(new Command(
                new Route(new ClientPrefix("gw"), MessageId.random(), LAMP, new Method("do")),
                JsonText.string(""),
                new Command.Times(now.minus(ahead), now, now.plusSeconds(10)),
                gateway,
                null,
                null,
                null)));
    }

    @Test
    void clock_skew_is_told() {
        arrive(Duration.ofSeconds(-40), Command.Gateway.ROUNDTRIP);
        clock.advance(Duration.ofMinutes(2));
        arrive(Duration.ofSeconds(40), Command.Gateway.ROUNDTRIP);

        assertThat(troubles)
                .extracting(DeviceTrouble::reason)
                .satisfiesExactly(
                        behind -> assertThat(behind).contains("40 s behind"),
                        ahead -> assertThat(ahead).contains("40 s ahead"));
        assertThat(troubles.getFirst().device()).isEqualTo(LAMP);
    }

    @Test
    void clocks_that_agree_are_not_told() {
        arrive(Duration.ofSeconds(-1), Command.Gateway.ROUNDTRIP);
        arrive(Duration.ofSeconds(9), Command.Gateway.ROUNDTRIP);
        arrive(Duration.ofDays(900), Command.Gateway.SAMPLE);

        assertThat(troubles).isEmpty();
    }

    @Test
    void whoever_sends_strange_times_does_not_flood_the_listener() {
        for (int i = 0; i < 100; i++) {
            arrive(Duration.ofDays(i + 1), Command.Gateway.ROUNDTRIP);
        }

        assertThat(troubles).hasSize(1);
    }
}
