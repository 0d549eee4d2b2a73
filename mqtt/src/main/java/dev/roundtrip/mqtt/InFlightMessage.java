package dev.roundtrip.mqtt;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One message on its way from its publisher to one subscriber, or to the service behind its topic. Thread-safe. */
public final class InFlightMessage {
    private final Message message;
    private final Ends ends;
    private final Consumer<Message> way;
    private final BrokerClock clock;

    /** @param way delivers the message, as often as it is called; never blocks */
    InFlightMessage(Message message, Ends ends, Consumer<Message> way, BrokerClock clock) {
        this.message = message;
        this.ends = ends;
        this.way = way;
        this.clock = clock;
    }

    /** Who is at the ends of a message's way.
     *
     * @param publisher the client id; null for a service
     * @param subscriber the client id; null for a service
     * @param destination messages with the same one can overtake each other
     */
    record Ends(@Nullable String publisher, @Nullable String subscriber, String destination) {
        static Ends toClient(@Nullable String publisher, String subscriber) {
            return new Ends(publisher, subscriber, subscriber);
        }

        /** @param topic begins as no client id does */
        static Ends toService(String publisher, String topic) {
            return new Ends(publisher, null, topic);
        }
    }

    /** The message's topic. */
    public String topic() {
        return message.topic();
    }

    /** The client id of whoever published it; null for a service. */
    public @Nullable String publisher() {
        return ends.publisher();
    }

    /** The client id of whoever is to get it; null for a request to a service. */
    public @Nullable String subscriber() {
        return ends.subscriber();
    }

    /** Where it goes: messages with the same destination are delivered in order, as long as nothing interferes. */
    public String destination() {
        return ends.destination();
    }

    /** About how much memory the message takes, in bytes. */
    public int weight() {
        return message.weight();
    }

    /** How long the message is still of use to anybody, negative when it expired; null when it never expires. */
    public @Nullable Duration untilExpiry() {
        return message.expiresAt() == Message.NEVER ? null : Duration.ofNanos(message.expiresAt() - clock.nanos());
    }

    /** Delivers the message, unless it has expired by now; as often as this is called. */
    public void deliver() {
        way.accept(message);
    }

    /** Delivers the message even if it has expired, as no broker should. */
    public void deliverThoughExpired() {
        way.accept(message.withoutExpiry());
    }
}
