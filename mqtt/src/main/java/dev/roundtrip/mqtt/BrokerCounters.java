package dev.roundtrip.mqtt;

/** What a broker has done since it started, and what it holds now.
 *
 * @param accepted connections that were let in by a good CONNECT
 * @param refused connections that were not
 * @param connected clients that are connected now
 * @param sessions sessions held now, those without a connection included
 * @param subscriptions subscriptions held now
 * @param retained messages retained now
 * @param subscribes SUBSCRIBE packets answered, refusals included
 * @param unsubscribes UNSUBSCRIBE packets answered
 * @param published messages taken from clients
 * @param directs direct messages taken for a client that is connected
 * @param delivered messages written to clients, repetitions included
 * @param acknowledged messages of QoS 1 that clients acknowledged
 * @param dropped deliveries given up: expired, too large for the client, over a limit, refused by the client
 * @param heldMessages places that hold a message now: queues, what is in flight, retained messages, wills
 * @param heldBytes what is held in all, in bytes, as {@link BrokerLimits.Memory} bounds it
 */
public record BrokerCounters(
        long accepted,
        long refused,
        long connected,
        long sessions,
        long subscriptions,
        long retained,
        long subscribes,
        long unsubscribes,
        long published,
        long directs,
        long delivered,
        long acknowledged,
        long dropped,
        long heldMessages,
        long heldBytes) {}
