package dev.roundtrip.local.iot.shadow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.Row;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The rows of shadows in a store: one for each shadow, and one for each that was deleted, as long as its number goes
 * on. Thread-safe.
 */
final class ShadowRows {
    private static final Table SHADOWS = new Table("shadows");

    /** Key as in {@link #SHADOWS}; value version and second of the deletion. */
    private static final Table DELETED = new Table("deleted_shadows");

    /** Key second of the deletion and key as in {@link #SHADOWS}: the oldest come first. */
    private static final Table DELETIONS = new Table("shadow_deletions");

    /** How long the number goes on. Source: AWS IoT developer guide, "Device Shadow", 2026. */
    private static final Duration NUMBER_GOES_ON = Duration.ofDays(2);

    /** How many old deletions a new one takes away. */
    private static final int SWEPT = 8;

    /** Source: AWS General Reference, "AWS IoT Device Shadow", 2026; metadata does not count. */
    private static final int MAX_STATE_BYTES = 8 * 1024;

    private final TableStore store;

    ShadowRows(TableStore store) {
        this.store = store;
    }

    /** A shadow before and after an update.
     *
     * @param before empty when there was none
     */
    record Updated(Optional<Shadow> before, Shadow after) {}

    Optional<Shadow> get(ShadowName name) {
        return store.read(view -> find(view, name.key()));
    }

    private static Optional<Shadow> find(TableStore.Snapshot view, String key) {
        return view.get(SHADOWS, key).map(value -> Shadow.of(json(value)));
    }

    private static JsonNode json(byte[] value) {
        try {
            return ShadowRequest.READER.readTree(new String(value, StandardCharsets.UTF_8));
        } catch (JsonProcessingException damaged) {
            throw new StoreException("a shadow's row is not JSON", damaged);
        }
    }

    /** @param expected the version that the shadow must have; a shadow that does not exist has none
     * @throws Refusal when it has another version, or would be too large
     */
    Updated update(ShadowName name, JsonNode change, OptionalLong expected, long second) throws Refusal {
        String key = name.key();
        return store.<Updated, Refusal>write(rows -> {
            Optional<Shadow> before = find(rows, key);
            long version = before.map(Shadow::version).orElse(OpenFacts.VERSION_OF_A_MISSING_SHADOW);
            if (expected.isPresent() && expected.getAsLong() != version) {
                throw new Refusal(ErrorType.CONFLICT, "Version conflict");
            }
            Shadow after = before.isPresent()
                    ? before.get().update(change, second)
                    : Shadow.before(takeNumber(rows, key, second)).update(change, second);
            if (bytes(after.state()).length > MAX_STATE_BYTES) {
                throw ShadowRequest.tooLarge();
            }
            rows.put(SHADOWS, key, bytes(after.document()));
            return new Updated(before, after);
        });
    }

    private static byte[] bytes(ObjectNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The number of the one that was deleted, and forgets it. */
    private static long takeNumber(TableStore.Transaction rows, String key, long second) {
        Optional<Deletion> deletion = rows.get(DELETED, key).map(Deletion::of);
        deletion.ifPresent(found -> {
            rows.delete(DELETED, key);
            rows.delete(DELETIONS, found.order(key));
        });
        return deletion.filter(found -> !found.isOver(second))
                .map(Deletion::version)
                .orElse(0L);
    }

    /** @throws Refusal when there is none */
    Shadow delete(ShadowName name, long second) throws Refusal {
        String key = name.key();
        return store.<Shadow, Refusal>write(rows -> {
            Shadow last = find(rows, key).orElseThrow(name::missing);
            sweep(rows, second);
            Deletion deletion = new Deletion(last.version(), second);
            rows.delete(SHADOWS, key);
            rows.put(DELETED, key, deletion.bytes());
            rows.put(DELETIONS, deletion.order(key), new byte[0]);
            return last;
        });
    }

    private static void sweep(TableStore.Transaction rows, long second) {
        for (Row row : rows.page(DELETIONS, "", "", SWEPT)) {
            long deleted = Long.parseLong(Keys.part(row.key(), 0));
            if (!new Deletion(0, deleted).isOver(second)) {
                return;
            }
            rows.delete(DELETIONS, row.key());
            rows.delete(DELETED, Keys.of(Keys.part(row.key(), 1), Keys.part(row.key(), 2)));
        }
    }

    /** Names of a thing's named shadows, in order.
     *
     * @param after all names are greater; may be empty
     */
    List<String> names(String thing, String after, int most) {
        return store.read(view -> view.page(SHADOWS, Keys.prefix(thing), Keys.of(thing, after), most)).stream()
                .map(row -> Keys.part(row.key(), 1))
                .toList();
    }

    /** A shadow that was deleted.
     *
     * @param version its last one
     * @param second when, in epoch seconds
     */
    private record Deletion(long version, long second) {
        static Deletion of(byte[] value) {
            ByteBuffer numbers = ByteBuffer.wrap(value);
            return new Deletion(numbers.getLong(), numbers.getLong());
        }

        byte[] bytes() {
            return ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(version)
                    .putLong(second)
                    .array();
        }

        String order(String key) {
            return Keys.prefix(Keys.number(Math.max(0, second))) + key;
        }

        boolean isOver(long now) {
            return now - second >= NUMBER_GOES_ON.toSeconds();
        }
    }
}
