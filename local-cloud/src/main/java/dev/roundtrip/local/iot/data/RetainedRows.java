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
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Retained messages as rows of a store, by topic. One virtual thread writes what waits. Thread-safe. */
public final class RetainedRows implements RetainedStore, AutoCloseable {
    private static final Table RETAINED = new Table("retained_messages");

    /** How many changes wait at most; one more is refused. Our choice. */
    private static final int MAX_WAITING = 1_024;

    private static final int BATCH = 128;

    private final TableStore store;
    private final Consumer<String> complaints;
    private final BlockingQueue<Change> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
    /** Why messages could not be written the last time; told once. The writer's thread alone uses it. */
    private String told = "";

    private volatile boolean isClosed;

    private final Thread writer = Thread.ofVirtual().name("retained").unstarted(this::writeAll);

    /** @param value null where there is none any more */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Change(String topic, byte @Nullable [] value, CompletableFuture<Boolean> stored) {}

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
        List<Entry> all = new ArrayList<>();
        return store.<List<Entry>, RuntimeException>read(rows -> {
            rows.forEach(RETAINED, "", row -> all.add(entry(row.key(), row.value())));
            return all;
        });
    }

    @Override
    public Optional<Entry> find(String topic) {
        return store.<Optional<Entry>, RuntimeException>read(
                rows -> rows.get(RETAINED, topic).map(value -> entry(topic, value)));
    }

    @Override
    public CompletionStage<Boolean> keep(Entry entry) {
        return add(entry.content().topic(), bytes(entry));
    }

    @Override
    public CompletionStage<Boolean> forget(String topic) {
        return add(topic, null);
    }

    private CompletionStage<Boolean> add(String topic, byte @Nullable [] value) {
        CompletableFuture<Boolean> stored = new CompletableFuture<>();
        // Who comes after the last batch is told so too.
        if (!waiting.offer(new Change(topic, value, stored)) || isClosed) {
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
        try {
            boolean stored = store.<Boolean, RuntimeException>write(rows -> {
                for (Change change : batch) {
                    byte[] value = change.value();
                    if (value == null) {
                        rows.delete(RETAINED, change.topic());
                    } else {
                        rows.put(RETAINED, change.topic(), value);
                    }
                }
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
