package dev.roundtrip.mqtt;

import java.net.InetAddress;
import java.util.List;

/** Is told what clients do, in the order in which all clients see it. Called under the broker's locks: must not block.
 */
public interface LifecycleListener {
    /** Keeps it to itself. */
    LifecycleListener NONE = new LifecycleListener() {
        @Override
        public void connected(Client client, InetAddress address, long version) {}

        @Override
        public void disconnected(Client client, DisconnectReason reason, long version) {}

        @Override
        public void connectFailed(Client client, InetAddress address) {}

        @Override
        public void subscribed(Client client, List<String> filters) {}

        @Override
        public void unsubscribed(Client client, List<String> filters) {}
    };

    /** Whom an event is about. */
    record Client(String clientId, Principal principal, String sessionIdentifier) {}

    /** Makes the listener of a broker, again when that starts again. */
    @FunctionalInterface
    interface Factory {
        LifecycleListener create(Publisher publisher, BrokerClock clock);
    }

    /** Publishes in the broker's own name. Thread-safe; never blocks. */
    interface Publisher {
        /** Whether anybody subscribes to a topic. */
        boolean hasReceivers(String topic);

        /** Publishes at QoS 1. */
        void publish(String topic, byte[] payload);
    }

    /** A client is connected; nobody else has seen it yet.
     *
     * @param version grows with each connection of the client id
     */
    void connected(Client client, InetAddress address, long version);

    /** A client's connection ended; the client cannot be back yet.
     *
     * @param version that of the connection
     */
    void disconnected(Client client, DisconnectReason reason, long version);

    /** A client was refused, for no policy allows it to connect. */
    void connectFailed(Client client, InetAddress address);

    /** A client subscribed to these filters; perhaps to none. */
    void subscribed(Client client, List<String> filters);

    /** A client took these subscriptions back; perhaps none. */
    void unsubscribed(Client client, List<String> filters);
}
