package dev.roundtrip.local.iot.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.mqtt.RetainedStore;
import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Retained messages as rows of a store, by topic. One virtual thread writes what waits, which the broker bounds.
 * Thread-safe.
 */
public final class RetainedRows implements RetainedStore, AutoCloseable {
    private static final Table RETAINED = new Table("retained_messages");

    /** How many changes share a transaction at most; our choice. */
    private static final int BATCH = 128;

    private final TableStore store;
    private final Consumer<String> complaints;
    private final BlockingQueue<Change> waiting = new LinkedBlockingQueue<>();
    /** Why messages could not be written the last time; told once. The writer's thread alone uses it. */
    private String told = "";

    private volatile boolean isClosed;

    private final Thread writer = Thread.ofVirtual().name("retained").unstarted(this::writeAll);

    /** What is to be written.
     *
     * @param topic null where nothing is, and somebody waits for what comes before
     * @param entry null where there is none any more
     */
    private record Change(@Nullable String topic, @Nullable Entry entry, CompletableFuture<Boolean> stored) {
        /** What is done in the transaction. What it writes is made now, before others wait for the transaction. */
        Consumer<TableStore.Transaction> work() {
            if (topic == null) {
                return rows -> {};
            }
            if (entry == null) {
                return rows -> rows.delete(RETAINED, topic);
            }
            byte[] value = bytes(entry);
            return rows -> rows.put(RETAINED, topic, value);
        }
    }

    private RetainedRows(TableStore store, Consumer<String> complaints) {
        this.store = store;
        this.complaints = complaints;
    }

    /** Retained messages in a store.
     *
     * @param complaints told, in one line, when messages cannot be written
     */
    public static RetainedRows in(TableStore store, Consumer<String> complaints) {
        RetainedRows rows = new RetainedRows(store, complaints);
        rows.writer.start();
        return rows;
    }

    @Override
    public List<Entry> all() {
        var unused = add(null, null).join();
        List<Entry> all = new ArrayList<>();
        return store.<List<Entry>, RuntimeException>read(rows -> {
            rows.forEach(RETAINED, "", row -> all.add(entry(row.key(), row.value())));
            return all;
        });
    }

    @Override
    public CompletionStage<Boolean> keep(Entry entry) {
        return add(entry.content().topic(), entry);
    }

    @Override
    public CompletionStage<Boolean> forget(String topic) {
        return add(topic, null);
    }

    private CompletableFuture<Boolean> add(@Nullable String topic, @Nullable Entry entry) {
        CompletableFuture<Boolean> stored = new CompletableFuture<>();
        waiting.add(new Change(topic, entry, stored));
        if (isClosed) { // Who comes after the last batch is told so too.
            stored.complete(false);
        }
        return stored;
    }

    private void writeAll() {
        try {
            while (true) {
                List<Change> batch = new ArrayList<>(List.of(waiting.take()));
                waiting.drainTo(batch, BATCH - 1);
                boolean stored = write(batch);
                batch.forEach(change -> change.stored().complete(stored));
            }
        } catch (InterruptedException closed) {
            waiting.forEach(change -> change.stored().complete(false));
        }
    }

    private boolean write(List<Change> batch) {
        if (batch.stream().allMatch(change -> change.topic() == null)) {
            return true; // The file is made by the first row.
        }
        try {
            List<Consumer<TableStore.Transaction>> work =
                    batch.stream().map(Change::work).toList();
            boolean stored = store.<Boolean, RuntimeException>write(rows -> {
                work.forEach(each -> each.accept(rows));
                return true;
            });
            told = "";
            return stored;
        } catch (RuntimeException | Error failed) {
            // Whatever it is, the next batch is tried.
            String problem = String.valueOf(failed.getMessage());
            if (!problem.equals(told)) {
                told = problem;
                complaints.accept(problem);
            }
            return false;
        }
    }

    private static byte[] bytes(Entry entry) {
        ObjectNode node = RestJson.MAPPER
                .createObjectNode()
                .put("qos", entry.qos() == Qos.AT_LEAST_ONCE ? 1 : 0)
                .put("since", entry.since().toEpochMilli())
                .put("properties", entry.content().properties())
                .put("payload", entry.content().payload());
        Instant expires = entry.expires();
        if (expires != null) {
            node.put("expires", expires.toEpochMilli());
        }
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Entry entry(String topic, byte[] value) {
        try {
            JsonNode node = RestJson.MAPPER.readTree(value);
            Publication content = new Publication(
                    topic,
                    topic.getBytes(StandardCharsets.UTF_8),
                    node.path("properties").binaryValue(),
                    node.path("payload").binaryValue());
            return new Entry(
                    content,
                    node.path("qos").asInt() == 1 ? Qos.AT_LEAST_ONCE : Qos.AT_MOST_ONCE,
                    Instant.ofEpochMilli(node.path("since").asLong()),
                    node.has("expires")
                            ? Instant.ofEpochMilli(node.path("expires").asLong())
                            : null);
        } catch (IOException damaged) {
            throw new StoreException("the row of a retained message is no JSON", damaged);
        }
    }

    /** Ends the writing; what waits is not stored, and told so. */
    @Override
    public void close() {
        isClosed = true;
        writer.interrupt();
    }
}
