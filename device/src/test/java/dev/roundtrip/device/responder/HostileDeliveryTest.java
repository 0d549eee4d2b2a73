package dev.roundtrip.device.responder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.device.transport.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever arrives, a device takes it for a command or drops it with a word. */
class HostileDeliveryTest {

    @Property(tries = 300)
    void any_topic_and_any_bytes_are_dropped(@ForAll String topic, @ForAll byte[] payload) {
        try (Desk desk = Desk.honest()) {
            desk.responder.deliver(new Delivery(topic, payload, Delivery.NO_CORRELATION, null));

            assertThat(desk.events).singleElement().isInstanceOf(CommandEvent.Discarded.class);
        }
    }

    /** One byte of a good command is another one. */
    @Property(tries = 300)
    void a_damaged_command_is_a_command_or_is_dropped(
            @ForAll @IntRange(min = 0, max = 10_000) int position, @ForAll byte damage) throws Exception {
        try (Desk desk = Desk.honest()) {
            Desk.Call call = desk.call("{\"a\":[1.0,\"é\"]}", Duration.ofSeconds(10));
            byte[] payload = call.payload();
            payload[position % payload.length] = damage;

            desk.send(call);

            assertThat(desk.events.getFirst())
                    .isInstanceOfAny(CommandEvent.Received.class, CommandEvent.Discarded.class);
            desk.events(CommandEvent.Discarded.class)
                    .forEach(dropped ->
                            assertThat(dropped.reason()).doesNotContain(new String(payload, StandardCharsets.UTF_8)));
        }
    }
}
