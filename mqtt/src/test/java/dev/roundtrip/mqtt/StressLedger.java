package dev.roundtrip.mqtt;

import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the clients of a stress did and saw. Each note has its place in one order: what one client has seen before
 * another one begins comes first. Thread-safe.
 */
final class StressLedger {
    private final AtomicLong moments = new AtomicLong();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, Sent> sent = new ConcurrentHashMap<>();
    private final Queue<Inbox> inboxes = new ConcurrentLinkedQueue<>();

    /** A message of QoS 1; its number is its payload. Numbers grow. */
    final class Sent {
        final int number = numbers.incrementAndGet();
        final String publisher;
        final String topic;
        final boolean retained;

        final long begunAt = moments.incrementAndGet();
        private final long lifetime;
        private volatile long acknowledgedAt;
        private volatile long expiresAt = Message.NEVER;

        private Sent(String publisher, String topic, boolean retained, long lifetime) {
            this.publisher = publisher;
            this.topic = topic;
            this.retained = retained;
            this.lifetime = lifetime;
        }

        /** The publisher has a good PUBACK.
         *
         * @param clock the broker's: the message has expired its lifetime after this at the latest
         */
        void acknowledged(long clock) {
            expiresAt = expires() ? clock + lifetime : Message.NEVER;
            acknowledgedAt = moments.incrementAndGet();
        }

        boolean expires() {
            return lifetime != Message.NEVER;
        }

        boolean hasCertainlyExpired(long clock) {
            return clock >= expiresAt;
        }

        boolean isAcknowledged() {
            return acknowledgedAt > 0;
        }

        boolean wasAcknowledgedBefore(long moment) {
            return isAcknowledged() && acknowledgedAt < moment;
        }

        /** For a person who reads what went wrong. */
        @Override
        public String toString() {
            return "message " + number + " of " + publisher + " to " + topic + (retained ? ", retained" : "")
                    + ", begun at "
                    + begunAt + ", acknowledged at " + acknowledgedAt
                    + (expires() ? ", expires at " + expiresAt : "");
        }
    }

    /** What one subscription of one session got; a session that ended and began anew has another. */
    final class Inbox {
        final String clientId;
        final String filter;
        final long subscribingAt = moments.incrementAndGet();
        final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
        private volatile long subscribedAt;
        private volatile boolean ended;

        private Inbox(String clientId, String filter) {
            this.clientId = clientId;
            this.filter = filter;
        }

        /** The client has a good SUBACK. */
        void subscribed() {
            subscribedAt = moments.incrementAndGet();
        }

        /** The session has ended, or the client has said what ends it. */
        void ended() {
            ended = true;
        }

        boolean hasEnded() {
            return ended;
        }

        boolean wasSubscribedBefore(long moment) {
            return subscribedAt > 0 && subscribedAt < moment;
        }

        /** The topic that the filter names. */
        String topic() {
            return isShared() ? filter.substring(filter.indexOf('/', "$share/".length()) + 1) : filter;
        }

        boolean isShared() {
            return filter.startsWith("$share/");
        }

        /** Notes a message. */
        Arrival arrived(int number, String topic, Visit visit, boolean again, boolean retained) {
            Arrival arrival = new Arrival(number, topic, visit, again, retained);
            arrivals.add(arrival);
            return arrival;
        }

        /** For a person who reads what went wrong. */
        @Override
        public String toString() {
            return clientId + " at " + filter + ", subscribing at " + subscribingAt + ", subscribed at " + subscribedAt
                    + (ended ? ", ended" : "");
        }
    }

    /** One connection.
     *
     * @param number its place in the order
     * @param clock the broker's clock before CONNECT was sent
     */
    record Visit(long number, long clock) {}

    /** One delivery. */
    static final class Arrival {
        final int number;
        final String topic;
        final Visit visit;

        /** It came with DUP. */
        final boolean again;

        final boolean retained;
        private volatile boolean settled;

        private Arrival(int number, String topic, Visit visit, boolean again, boolean retained) {
            this.number = number;
            this.topic = topic;
            this.visit = visit;
            this.again = again;
            this.retained = retained;
        }

        /** The broker has certainly read its acknowledgement: a later packet of the same connection was answered. */
        void settled() {
            settled = true;
        }

        boolean isSettled() {
            return settled;
        }

        /** For a person who reads what went wrong. */
        @Override
        public String toString() {
            return number + (again ? " again" : "") + (retained ? " retained" : "") + (settled ? " settled" : "")
                    + " on " + visit;
        }
    }

    /** Notes that a message is about to be sent.
     *
     * @param lifetime in nanoseconds, or {@link Message#NEVER}
     */
    Sent sending(String publisher, String topic, boolean retained, long lifetime) {
        Sent message = new Sent(publisher, topic, retained, lifetime);
        sent.put(message.number, message);
        return message;
    }

    Inbox subscribing(String clientId, String filter) {
        Inbox inbox = new Inbox(clientId, filter);
        inboxes.add(inbox);
        return inbox;
    }

    Visit connecting(long clock) {
        return new Visit(moments.incrementAndGet(), clock);
    }

    Map<Integer, Sent> sent() {
        return sent;
    }

    Collection<Inbox> inboxes() {
        return inboxes;
    }
}
