package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.PacketWriter;
import dev.roundtrip.mqtt.packet.ProtocolVersion;
import dev.roundtrip.mqtt.packet.ReasonCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Acknowledges what a client publishes, in its order: a retained message when it is stored, and what comes after it
 * not before. Used by one event loop.
 */
final class PubAcks {
    private final Connection connection;
    private final Outbox outbox;
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    PubAcks(Connection connection, Outbox outbox) {
        this.connection = connection;
        this.outbox = outbox;
    }

    /** An acknowledgement that is not written yet. */
    private static final class Waiting {
        final ProtocolVersion version;
        final int packetId;

        /** Null while it is not known. */
        @Nullable ReasonCode code;

        Waiting(ProtocolVersion version, int packetId, @Nullable ReasonCode code) {
            this.version = version;
            this.packetId = packetId;
            this.code = code;
        }
    }

    /** Acknowledges a message.
     *
     * @param code unless it cannot be stored
     * @param stored null when it need not be stored
     */
    void add(ProtocolVersion version, int packetId, ReasonCode code, @Nullable CompletionStage<Boolean> stored) {
        Waiting last = new Waiting(version, packetId, stored == null ? code : null);
        waiting.add(last);
        if (stored != null) {
            answerWhen(stored, last, code);
        }
        writeKnown();
    }

    private void answerWhen(CompletionStage<Boolean> stored, Waiting later, ReasonCode code) {
        CompletableFuture<ReasonCode> answer = stored.handle(
                        (kept, defect) -> defect == null && kept ? code : ReasonCode.QUOTA_EXCEEDED)
                .toCompletableFuture();
        if (answer.isDone()) {
            later.code = answer.join();
            return;
        }
        var unused = answer.thenAccept(known -> connection.write(() -> {
            later.code = known;
            writeKnown();
        }));
    }

    /** How many are not written yet. */
    int waiting() {
        return waiting.size();
    }

    private void writeKnown() {
        for (Waiting first = waiting.peek(); first != null; first = waiting.peek()) {
            ReasonCode code = first.code;
            if (code == null) {
                return;
            }
            waiting.remove();
            // MQTT 3.1.1 has no word for a message that is not taken.
            if (code != ReasonCode.QUOTA_EXCEEDED || first.version == ProtocolVersion.MQTT_5) {
                PacketWriter.pubAck(outbox.buffer(), first.version, first.packetId, code);
            }
        }
    }
}
