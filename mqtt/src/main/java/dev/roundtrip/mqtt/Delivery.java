package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Qos;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One message on its way to one client. Guarded by its {@link Session}'s monitor until it is taken to be written. */
final class Delivery {
    final Message message;
    final Qos qos;
    final boolean retain;

    /** 1 to 65,535 once it is in flight; 0 before, and for QoS 0. */
    int packetId;

    /** It was written before, to an earlier connection of the session. */
    boolean duplicate;

    /** It waited while its client was away. */
    boolean stored;

    /** {@link BrokerClock#nanos()} when it was taken to be written. */
    long sentAt;

    /** Who wants to know what becomes of it; null for nobody, as with every message that was published. */
    final @Nullable CompletableFuture<DirectOutcome> receipt;

    /** For which subscription the client gets the message; null for a direct message, and for a retained one. */
    private final @Nullable Subscription subscription;

    Delivery(Message message, Qos qos, boolean retain) {
        this(message, qos, retain, null, null);
    }

    Delivery(Message message, Qos qos, boolean retain, Subscription subscription) {
        this(message, qos, retain, subscription, null);
    }

    private Delivery(
            Message message,
            Qos qos,
            boolean retain,
            @Nullable Subscription subscription,
            @Nullable CompletableFuture<DirectOutcome> receipt) {
        this.receipt = receipt;
        this.subscription = subscription;
        this.message = message;
        this.qos = qos;
        this.retain = retain;
    }

    static Delivery direct(DirectMessage message, CompletableFuture<DirectOutcome> receipt) {
        Message content = new Message(message.publication(), message.qos(), false, Message.NEVER);
        return new Delivery(content, message.qos(), false, null, receipt);
    }

    boolean isDirect() {
        return receipt != null;
    }

    /** The membership in a shared group for which the client gets the message; null when there is none. */
    @Nullable Subscription membership() {
        return subscription != null && subscription.filter.isShared() ? subscription : null;
    }

    /** Tells who wants to know; only the first word counts. */
    void tell(DirectOutcome outcome) {
        if (receipt != null) {
            boolean ignored = receipt.complete(outcome);
        }
    }

    int weight() {
        return message.weight();
    }
}
