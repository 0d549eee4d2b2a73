package dev.roundtrip.benchmarks.hot;

import dev.roundtrip.local.iot.events.JournaledMessages;
import dev.roundtrip.local.journal.Journal;
import dev.roundtrip.mqtt.MessageListener;
import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import dev.roundtrip.mqtt.packet.ReasonCode;
import java.util.HexFormat;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** The broker tells the journal of a step, by one event loop and by two at once. */
@State(Scope.Benchmark)
public class JournalBenchmark {
    private static final int PAYLOAD_BYTES = 96;

    private static final String TOPIC = "pump-1/start/gateway/559aff25-3892-40ed-a6b1-680312a74339";

    private final Publication command = Publication.of(TOPIC, new byte[PAYLOAD_BYTES]);

    /** The journal counts the bytes of payloads: they differ in length, as those of calls do. */
    private final Publication[] commands = {
        command, Publication.of(TOPIC, new byte[PAYLOAD_BYTES + 1]), Publication.of(TOPIC, new byte[PAYLOAD_BYTES + 2])
    };

    /** What one thread publishes next. */
    @State(Scope.Thread)
    public static class Turn {
        private int last;

        private int next() {
            last = last == 2 ? 0 : last + 1;
            return last;
        }
    }

    /** As a device on MQTT 5 answers: with the property Content Type. */
    private final Publication answer = new Publication(
            "gateway/559aff25-3892-40ed-a6b1-680312a74339/pump-1/start/ack",
            new byte[0],
            HexFormat.of().parseHex("0300106170706c69636174696f6e2f6a736f6e"),
            new byte[PAYLOAD_BYTES]);

    final Journal journal = new Journal(Journal.Bounds.DEFAULT);
    private final MessageListener listener = new JournaledMessages(journal);

    /** A step without a payload. */
    @Benchmark
    public void recordMatch() {
        listener.matched("pump-1", "pump-1/#", command);
    }

    /** The same, by two threads at once. */
    @Benchmark
    @Threads(2)
    public void recordMatchByTwo() {
        listener.matched("pump-1", "pump-1/#", command);
    }

    /** A step with a payload and MQTT 5 properties, which nobody reads. */
    @Benchmark
    public void recordAnswer() {
        listener.published("pump-1", answer, Qos.AT_LEAST_ONCE, ReasonCode.SUCCESS);
    }

    /** A step with a payload. */
    @Benchmark
    public void recordPublish(Turn turn) {
        listener.published("gateway.x7", commands[turn.next()], Qos.AT_LEAST_ONCE, ReasonCode.SUCCESS);
    }

    /** The same, by two threads at once. */
    @Benchmark
    @Threads(2)
    public void recordPublishByTwo(Turn turn) {
        listener.published("gateway.x7", commands[turn.next()], Qos.AT_LEAST_ONCE, ReasonCode.SUCCESS);
    }
}
