package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Where retained messages outlive the broker. Thread-safe. */
public interface RetainedStore {
    /** They end with the broker. */
    RetainedStore NONE = new RetainedStore() {
        private final CompletionStage<Boolean> done = CompletableFuture.completedStage(true);

        @Override
        public List<Entry> all() {
            return List.of();
        }

        @Override
        public CompletionStage<Boolean> keep(Entry entry) {
            return done;
        }

        @Override
        public CompletionStage<Boolean> forget(String topic) {
            return done;
        }
    };

    /** A retained message.
     *
     * @param since when it was published
     * @param expires after which nobody gets it; null for never
     */
    record Entry(
            Publication content,
            Qos qos,
            Instant since,
            @Nullable Instant expires) {}

    /** All that are kept, after the changes that were asked for before. May block; called before the broker listens. */
    List<Entry> all();

    /** Puts a message in the place of its topic's last one. Never blocks, and refuses none: the broker asks for no more
     * than some megabytes that are not stored yet. What is kept and forgotten is so in the order of the calls, and the
     * stages of a topic end in this order.
     *
     * @return ends when the message outlives the process, or with false when it does not; never fails
     */
    CompletionStage<Boolean> keep(Entry entry);

    /** Forgets the message of a topic. Never blocks.
     *
     * @return as for {@link #keep}
     */
    CompletionStage<Boolean> forget(String topic);
}
