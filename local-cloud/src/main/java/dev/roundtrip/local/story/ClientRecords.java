package dev.roundtrip.local.story;

import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Recorder;
import dev.roundtrip.local.journal.Step;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When each client came and went last, also after the journal has forgotten it; at most {@value #MOST} clients, those
 * without news go first. Thread-safe: connections are few, and take a short lock.
 */
public final class ClientRecords {
    /** How many clients are remembered; our choice. */
    public static final int MOST = 20_000;

    private final Map<String, LastSeen> records = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, LastSeen> eldest) {
            return size() > MOST;
        }
    };

    /** What a client did last.
     *
     * @param connected whether it is connected
     * @param since since when
     * @param reason why it left; null when it is connected
     */
    public record LastSeen(
            boolean connected, Instant since, @Nullable String reason) {}

    /** A recorder that keeps the records, and hands every entry on.
     *
     * @param functionClients how the client ids of the function begin, which are not kept
     */
    public Recorder before(Recorder next, String functionClients) {
        return entry -> {
            if (entry.step() == Step.CONNECTED || entry.step() == Step.DISCONNECTED) {
                keep(entry, functionClients);
            }
            next.record(entry);
        };
    }

    private void keep(Entry entry, String functionClients) {
        String client = entry.client();
        boolean replaced = "DUPLICATE_CLIENTID".equals(entry.detail()) && entry.step() == Step.DISCONNECTED;
        if (client == null || replaced || client.startsWith(functionClients)) {
            return;
        }
        boolean connected = entry.step() == Step.CONNECTED;
        synchronized (records) {
            records.put(client, new LastSeen(connected, Instant.now(), connected ? null : entry.detail()));
        }
    }

    /** What a client did last; null when it never was here, or that is long forgotten. */
    public @Nullable LastSeen find(String client) {
        synchronized (records) {
            return records.get(client);
        }
    }
}
