package dev.roundtrip.mqtt;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One message on its way from its publisher to one subscriber. Thread-safe. */
public final class InFlightMessage {
    private final Message message;
    private final String publisher;
    private final Subscription subscription;
    private final Router router;

    InFlightMessage(Message message, String publisher, Subscription subscription, Router router) {
        this.message = message;
        this.publisher = publisher;
        this.subscription = subscription;
        this.router = router;
    }

    /** The message's topic. */
    public String topic() {
        return message.topic();
    }

    /** The client id of whoever published it. */
    public String publisher() {
        return publisher;
    }

    /** The client id of whoever is to get it. */
    public String subscriber() {
        return subscription.session.clientId;
    }

    /** About how much memory the message takes, in bytes. */
    public int weight() {
        return message.weight();
    }

    /** How long the message is still of use to anybody, negative when it expired; null when it never expires. */
    public @Nullable Duration untilExpiry() {
        return message.expiresAt() == Message.NEVER ? null : Duration.ofNanos(message.expiresAt() - router.nanos());
    }

    /** Delivers the message, unless it has expired by now; as often as this is called. */
    public void deliver() {
        deliver(message);
    }

    /** Delivers the message even if it has expired, as no broker should. */
    public void deliverThoughExpired() {
        deliver(message.withoutExpiry());
    }

    private void deliver(Message delivered) {
        router.deliverNow(subscription.session, subscription.deliveryOf(delivered));
    }
}
