package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Deadlines are looked at again and again, whatever went wrong the last time. */
class SweepTest {
    private static final Duration KEEP_ALIVE_IS_OVER = Duration.ofSeconds(91);
    private static final Duration SESSION_IS_OVER = Duration.ofHours(1);

    @Test
    void clock_that_fails_once_ends_neither_keep_alive_nor_session_expiry() throws IOException {
        FailingClock clock = new FailingClock();
        try (TestBroker test = new TestBroker(settings -> settings.withClock(clock))) {
            test.putToSleep("asleep", "t");
            RawClient silent = test.mqtt5().connect("silent");

            clock.failsNext.set(true);
            await().untilFalse(clock.failsNext);
            clock.time.advance(KEEP_ALIVE_IS_OVER);

            assertThat(silent.next()).isEqualTo("e0018d");
            clock.time.advance(SESSION_IS_OVER);
            await().until(() -> test.broker.counters().sessions() == 0);
        }
    }

    @Test
    void connection_whose_end_fails_is_closed_and_keeps_nobody_else_open() throws IOException {
        try (TestBroker test = new TestBroker()) {
            test.permissions = (action, resource) -> {
                if (action == Action.RECEIVE) {
                    throw new IllegalStateException("no policy can be read");
                }
                return true;
            };
            test.putToSleep("heir", "will");
            RawClient[] silent = {dying(test, "a"), dying(test, "b"), dying(test, "c")};

            test.clock.advance(KEEP_ALIVE_IS_OVER);

            for (RawClient client : silent) {
                assertThat(client.next()).isEqualTo("e0018d");
                assertThat(client.next()).isEqualTo(RawClient.CLOSED);
            }
            await().until(() -> test.broker.counters().connected() == 0);
        }
    }

    private static RawClient dying(TestBroker test, String clientId) throws IOException {
        RawClient client = test.mqtt5();
        client.send(Wire.connect(Wire.MQTT_5, clientId, 0x06 | 0x08, 60, "", Wire.will(Wire.MQTT_5, "will", "gone")));
        assertThat(client.next()).startsWith("20");
        return client;
    }

    /** A clock that throws when it is asked the next time, once. */
    private static final class FailingClock implements BrokerClock {
        final TestClock time = new TestClock();
        final AtomicBoolean failsNext = new AtomicBoolean();

        @Override
        public Instant now() {
            return time.now();
        }

        @Override
        public long nanos() {
            if (failsNext.compareAndSet(true, false)) {
                throw new IllegalStateException("this clock fails once");
            }
            return time.nanos();
        }
    }
}
