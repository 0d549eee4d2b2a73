package dev.roundtrip.mqtt;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which clients are connected, and since when the others are not. Thread-safe.
 *
 * <p>A client's version number grows with each connection and starts again when it was away for an hour; what became of
 * its last connection is told for half an hour. Source: AWS IoT developer guide, "Lifecycle events" and GetConnection.
 */
final class Presence {
    private static final Duration VERSION_KEPT = Duration.ofHours(1);
    private static final Duration REASON_KEPT = Duration.ofMinutes(30);

    private final Map<String, Entry> byClientId = new ConcurrentHashMap<>();
    private final BrokerClock clock;

    Presence(BrokerClock clock) {
        this.clock = clock;
    }

    private record Entry(ClientState state, long version, long changedAt) {}

    /** Notes a connection and returns its version number. */
    long connected(ClientState.Connected state) {
        long now = clock.nanos();
        Entry entry = byClientId.compute(
                state.clientId(),
                (id, last) -> new Entry(state, last == null || isOver(last, now) ? 0 : last.version + 1, now));
        return entry == null ? 0 : entry.version;
    }

    /** Notes the end of a connection, unless a later one has begun. */
    void disconnected(String clientId, long version, DisconnectReason reason) {
        byClientId.computeIfPresent(
                clientId,
                (id, entry) -> entry.version == version && entry.state instanceof ClientState.Connected last
                        ? new Entry(
                                new ClientState.Disconnected(clientId, clock.now(), reason, last),
                                version,
                                clock.nanos())
                        : entry);
    }

    Optional<ClientState> find(String clientId) {
        Entry entry = byClientId.get(clientId);
        if (entry == null
                || (entry.state instanceof ClientState.Disconnected
                        && clock.nanos() - entry.changedAt >= REASON_KEPT.toNanos())) {
            return Optional.empty();
        }
        return Optional.of(entry.state);
    }

    private static boolean isOver(Entry entry, long now) {
        return entry.state instanceof ClientState.Disconnected && now - entry.changedAt >= VERSION_KEPT.toNanos();
    }

    void sweep() {
        long now = clock.nanos();
        byClientId.values().removeIf(entry -> isOver(entry, now));
    }
}
