package dev.roundtrip.mqtt;

import java.time.Duration;

/** The limits of AWS IoT Core's message broker that one machine can show.
 *
 * <p>Source of every number, unless it says otherwise: AWS General Reference, "AWS IoT Core message broker and protocol
 * limits and quotas", 2026.
 */
public record BrokerLimits(
        Messages messages, Topics topics, Sessions sessions, Rates rates, Memory memory, Requests requests) {

    /** Limits of one message.
     *
     * @param maxPacketBytes a whole packet, announced as Maximum Packet Size
     * @param minClientPacketBytes the least that a client may announce as its own Maximum Packet Size
     */
    public record Messages(
            int maxPayloadBytes,
            int maxPacketBytes,
            int minClientPacketBytes,
            int maxContentTypeBytes,
            int maxCorrelationDataBytes,
            int maxUserPropertyBytes,
            int maxTopicAliases,
            Duration maxExpiry) {}

    /** Limits of topics and subscriptions. */
    public record Topics(
            int maxBytes,
            int maxSlashes,
            int maxFiltersPerSubscribe,
            int maxSubscriptionsPerConnection,
            int maxSubscriptions,
            int maxGroups,
            int maxGroupMembers,
            int maxGroupQueue,
            int maxRetained) {

        /** The same with another number of subscriptions for each connection. */
        public Topics withMaxSubscriptionsPerConnection(int other) {
            return new Topics(
                    maxBytes,
                    maxSlashes,
                    maxFiltersPerSubscribe,
                    other,
                    maxSubscriptions,
                    maxGroups,
                    maxGroupMembers,
                    maxGroupQueue,
                    maxRetained);
        }
    }

    /** Limits of connections and sessions.
     *
     * @param inboundInFlight unacknowledged messages of QoS 1 from a client, announced as Receive Maximum
     * @param outboundInFlight unacknowledged messages of QoS 1 to a client
     * @param retryMqtt3 how long an unacknowledged message is kept for a connected client of MQTT 3.1.1
     * @param retryMqtt5 the same for MQTT 5
     * @param maxQueuedMessages messages that wait for one client; ours, for bounded memory: what exceeds it is dropped
     * @param maxQueuedBytes their bytes; ours, for the same reason
     */
    public record Sessions(
            int maxClientIdBytes,
            Duration minKeepAlive,
            Duration maxKeepAlive,
            Duration maxExpiry,
            int inboundInFlight,
            int outboundInFlight,
            int maxConnections,
            Duration websocketLifetime,
            Duration retryMqtt3,
            Duration retryMqtt5,
            int maxQueuedMessages,
            long maxQueuedBytes) {

        /** The same with another bound for what waits for one client. */
        public Sessions withMaxQueuedMessages(int other) {
            return new Sessions(
                    maxClientIdBytes,
                    minKeepAlive,
                    maxKeepAlive,
                    maxExpiry,
                    inboundInFlight,
                    outboundInFlight,
                    maxConnections,
                    websocketLifetime,
                    retryMqtt3,
                    retryMqtt5,
                    other,
                    maxQueuedBytes);
        }

        /** The same with another longest keep-alive, in whole seconds: what the broker dictates to clients that ask for
         * more.
         */
        public Sessions withMaxKeepAlive(Duration other) {
            return new Sessions(
                    maxClientIdBytes,
                    minKeepAlive,
                    other,
                    maxExpiry,
                    inboundInFlight,
                    outboundInFlight,
                    maxConnections,
                    websocketLifetime,
                    retryMqtt3,
                    retryMqtt5,
                    maxQueuedMessages,
                    maxQueuedBytes);
        }

        /** The same with another number of connections. */
        public Sessions withMaxConnections(int other) {
            return new Sessions(
                    maxClientIdBytes,
                    minKeepAlive,
                    maxKeepAlive,
                    maxExpiry,
                    inboundInFlight,
                    outboundInFlight,
                    other,
                    websocketLifetime,
                    retryMqtt3,
                    retryMqtt5,
                    maxQueuedMessages,
                    maxQueuedBytes);
        }
    }

    /** Limits for each second; 0 is no limit.
     *
     * @param publishesPerConnection in and out together; what exceeds it is discarded
     * @param bytesPerConnection in each direction; what exceeds it is delayed
     * @param connectsPerClient for one client id
     * @param connects for the account
     * @param inboundPublishes for the account
     * @param outboundPublishes for the account
     * @param subscriptions for the account
     * @param retainedPerTopic retained messages for one topic
     * @param retained retained messages for the account
     * @param queued messages to persistent sessions that are offline, for the account
     * @param storedPerSession messages that a resumed session gets from its store; source: AWS IoT developer guide,
     *     2022
     */
    public record Rates(
            int publishesPerConnection,
            int bytesPerConnection,
            int connectsPerClient,
            int connects,
            int inboundPublishes,
            int outboundPublishes,
            int subscriptions,
            int retainedPerTopic,
            int retained,
            int queued,
            int storedPerSession) {
        /** No limit for any second. */
        public static final Rates UNLIMITED = new Rates(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        /** The quotas of an account that never asked for more. */
        public static final Rates IOT_CORE =
                new Rates(100, 512 * 1024, 1, 3_000, 20_000, 20_000, 3_000, 1, 500, 500, 10);
    }

    /** How much the broker holds for its clients in all: messages that wait, are in flight or retained, wills, and what
     * a socket has not taken. Ours: AWS IoT Core bounds rates and times, and no machine of ours has its memory.
     *
     * @param maxBytes payloads, properties, topics and what goes with them, 1 or more
     * @param maxMessages places in queues and among the retained messages, 1 or more; a message for two sessions has
     *     two
     */
    public record Memory(long maxBytes, int maxMessages) {
        private static final int PART_OF_HEAP = 4;
        private static final int MESSAGES = 500_000;

        /** Checks the limits. */
        public Memory {
            if (maxBytes < 1 || maxMessages < 1) {
                throw new IllegalArgumentException("a broker that holds nothing is of no use");
            }
        }

        /** A quarter of the largest heap that this JVM may have, and half a million messages. */
        public static Memory ofHeap() {
            return new Memory(Runtime.getRuntime().maxMemory() / PART_OF_HEAP, MESSAGES);
        }

        /** The same with another number of bytes. */
        public Memory withMaxBytes(long other) {
            return new Memory(other, maxMessages);
        }

        /** The same with another number of messages. */
        public Memory withMaxMessages(int other) {
            return new Memory(maxBytes, other);
        }
    }

    /** Requests to services behind reserved topics in flight: those that wait for their turn, and those that a service
     * has. Ours, for bounded memory; a service may have limits of its own.
     *
     * @param maxPerConnection of one connection, 1 or more
     * @param maxBytesPerConnection of one connection: payloads, properties, topics and what goes with them
     * @param max of the broker, over the data plane too: that has half of them at most
     * @param maxBytes of the broker
     */
    public record Requests(int maxPerConnection, long maxBytesPerConnection, int max, long maxBytes) {
        /** A second's worth of a connection, and a hundred connections' worth. */
        public static final Requests DEFAULT = new Requests(100, 1024 * 1024, 10_000, 64L * 1024 * 1024);

        /** Checks the limits. */
        public Requests {
            if (maxPerConnection < 1 || maxBytesPerConnection < 1 || max < 1 || maxBytes < 1) {
                throw new IllegalArgumentException("services that get no requests are of no use");
            }
        }
    }

    /** Every limit of AWS IoT Core, rates included, but for those of the HTTP data plane. */
    public static BrokerLimits iotCore() {
        return local().withRates(Rates.IOT_CORE);
    }

    /** Every limit but the rates: one gateway carries tens of thousands of calls a second here, where AWS has many. */
    public static BrokerLimits local() {
        return new BrokerLimits(
                new Messages(128 * 1024, 146 * 1024, 512, 256, 8 * 1024, 8 * 1024, 8, Duration.ofSeconds(604_800)),
                new Topics(256, 7, 8, 50, 500_000, 100, 100, 500_000, 500_000),
                new Sessions(
                        128,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(1200),
                        Duration.ofHours(1),
                        100,
                        100,
                        500_000,
                        Duration.ofDays(1),
                        Duration.ofHours(1),
                        Duration.ofSeconds(960),
                        100_000,
                        64L * 1024 * 1024),
                Rates.UNLIMITED,
                Memory.ofHeap(),
                Requests.DEFAULT);
    }

    /** The same with other limits of messages. */
    public BrokerLimits withMessages(Messages other) {
        return new BrokerLimits(other, topics, sessions, rates, memory, requests);
    }

    /** The same with other limits of topics and subscriptions. */
    public BrokerLimits withTopics(Topics other) {
        return new BrokerLimits(messages, other, sessions, rates, memory, requests);
    }

    /** The same with other limits of sessions. */
    public BrokerLimits withSessions(Sessions other) {
        return new BrokerLimits(messages, topics, other, rates, memory, requests);
    }

    /** The same with other rates. */
    public BrokerLimits withRates(Rates other) {
        return new BrokerLimits(messages, topics, sessions, other, memory, requests);
    }

    /** The same with another bound for what the broker holds in all. */
    public BrokerLimits withMemory(Memory other) {
        return new BrokerLimits(messages, topics, sessions, rates, other, requests);
    }

    /** The same with other bounds for requests to services. */
    public BrokerLimits withRequests(Requests other) {
        return new BrokerLimits(messages, topics, sessions, rates, memory, other);
    }
}
