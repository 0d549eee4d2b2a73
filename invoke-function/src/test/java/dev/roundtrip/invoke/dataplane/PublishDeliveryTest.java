package dev.roundtrip.invoke.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.invoke.CallLog;
import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.HttpReply;
import dev.roundtrip.invoke.HttpRequest;
import dev.roundtrip.invoke.Invoker;
import dev.roundtrip.invoke.PendingAcks;
import dev.roundtrip.invoke.TestClocks;
import dev.roundtrip.invoke.TimeLimits;
import dev.roundtrip.invoke.mqtt.Environment;
import dev.roundtrip.invoke.mqtt.Listening;
import dev.roundtrip.invoke.mqtt.MqttRequestSender;
import dev.roundtrip.invoke.mqtt.RequestRate;
import dev.roundtrip.invoke.mqtt.StoryBroker;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishDeliveryTest {
    private static final ClientPrefix PREFIX = new ClientPrefix("gw");
    private static final Instant SINCE = Instant.parse("2026-11-21T07:00:00Z");

    private final PendingAcks acks = new PendingAcks();
    private final TestClocks time = new TestClocks();

    /** Says once that the device is away; then the machine is frozen, and nothing more is said. */
    private final class OneWordBroker implements DataPlane {
        private final Duration freeze;
        private boolean hasSpoken;

        OneWordBroker(Duration freeze) {
            this.freeze = freeze;
        }

        @Override
        public Sent send(Command command) {
            throw new IllegalStateException("nobody delivers directly");
        }

        @Override
        public synchronized Asked<Connection> connection(Target target, Deadline deadline) {
            if (hasSpoken) {
                return new Unanswered<>("silence", Again.PERHAPS);
            }
            hasSpoken = true;
            Clocks.Moment heardAt = time.clocks().now();
            time.freeze(freeze);
            return new Answered<>(new Disconnected(SINCE, null, SessionFate.ENDED), null, heardAt);
        }

        @Override
        public Asked<List<String>> subscriptions(Target target, Deadline deadline) {
            return new Unanswered<>("silence", Again.PERHAPS);
        }

        @Override
        public void disconnect() {}
    }

    @ParameterizedTest
    @CsvSource({"PT0S, offline", "PT1H, unavailable"})
    void device_that_was_away_before_a_freeze_is_not_said_to_be_away_after_it(Duration freeze, String result) {
        PublishDelivery delivery = new PublishDelivery(new OneWordBroker(freeze), time.clocks());
        CallLog log = new CallLog(line -> {});
        MqttRequestSender.Ways ways =
                new MqttRequestSender.Ways(Listening.SHARED, delivery, new RequestRate.Unlimited());
        MqttRequestSender sender =
                new MqttRequestSender(new StoryBroker(), ways, new Environment(PREFIX, acks, log, Clocks.SYSTEM));
        TimeLimits limits = new TimeLimits(Duration.ofSeconds(10), Duration.ofSeconds(28));
        Invoker invoker = new Invoker(new Invoker.Terms(PREFIX, limits, 1), acks, sender, log, Clocks.SYSTEM);
        Map<String, List<String>> query = Map.of(
                "target", List.of("pump"),
                "method", List.of("start"),
                "request", List.of(""),
                "wait", List.of("1"));

        HttpReply reply = invoker.handle(
                new HttpRequest("GET", new HttpRequest.Path.Plain(), query, new HttpRequest.Body.Text("")),
                Duration.ofSeconds(29));

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.body()).contains("\"result\":\"" + result + "\"");
    }
}
