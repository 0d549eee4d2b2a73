package dev.roundtrip.local.iot.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import dev.roundtrip.protocol.Json;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** The last changes of the registry, numbered from 1, with the certificates that each counts for. They stand in the
 * tables, so that a local cloud hears of what another one with the same tables changes.
 */
final class ChangeLog {
    private static final Table CHANGES = new Table("registry_changes");

    /** The key of the row with the number of the last change. */
    private static final String LAST = "last";

    /** How many changes are kept; who missed more makes everything anew. Our choice. */
    private static final long KEPT = 1_000;

    /** For how many certificates a change may count that names them; of a greater one it is written that it counts for
     * all. Our choice.
     */
    private static final int MOST_NAMED = 1_000;

    private static final String ALL = "all";

    private ChangeLog() {}

    /** The number of the last change; 0 when there was none. */
    static long last(Snapshot rows) {
        return rows.get(CHANGES, LAST)
                .map(bytes -> Stored.node(bytes).path("number").asLong())
                .orElse(0L);
    }

    /** Adds a change.
     *
     * @param certificateIds for which it may count
     * @return its number
     */
    static long add(Transaction rows, Set<String> certificateIds) {
        long number = last(rows) + 1;
        ObjectNode change = Json.mapper().createObjectNode();
        if (certificateIds.size() > MOST_NAMED) {
            change.put(ALL, true);
        } else {
            ArrayNode ids = change.putArray("certificates");
            certificateIds.forEach(ids::add);
        }
        rows.put(CHANGES, key(number), Stored.bytes(change));
        rows.delete(CHANGES, key(number - KEPT));
        rows.put(CHANGES, LAST, Stored.bytes(Json.mapper().createObjectNode().put("number", number)));
        return number;
    }

    /** The ids of the certificates for which the changes after one may count; empty when that is too long ago, or they
     * count for very many.
     */
    static Optional<Set<String>> after(Snapshot rows, long number) {
        Set<String> ids = new LinkedHashSet<>();
        long last = last(rows);
        for (long missed = number + 1; missed <= last; missed++) {
            Optional<byte[]> change = rows.get(CHANGES, key(missed));
            if (change.isEmpty()) {
                return Optional.empty();
            }
            JsonNode counting = Stored.node(change.get());
            if (counting.path(ALL).asBoolean()) {
                return Optional.empty();
            }
            counting.path("certificates").forEach(id -> ids.add(id.asText()));
        }
        return Optional.of(ids);
    }

    /** The ids of all certificates. */
    static Set<String> all(Snapshot rows) {
        Set<String> ids = new LinkedHashSet<>();
        rows.forEach(Stored.CERTIFICATES, "", row -> ids.add(row.key()));
        rows.forEach(Stored.CLAIMS, "", row -> ids.add(row.key()));
        return ids;
    }

    /** Keys of numbers are in the order of the numbers. */
    private static String key(long number) {
        return Keys.number(Math.max(number, 0));
    }
}
