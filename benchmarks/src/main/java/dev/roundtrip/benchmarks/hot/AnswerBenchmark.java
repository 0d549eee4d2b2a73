package dev.roundtrip.benchmarks.hot;

import dev.roundtrip.invoke.PendingAcks;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** An answer finds the call that waits for it, among others. */
@State(Scope.Benchmark)
public class AnswerBenchmark {
    private static final String ID = "559aff25-3892-40ed-a6b1-680312a74339";

    private final PendingAcks pending = new PendingAcks();
    private final Route route = route(MessageId.of(ID));
    private final String topic = route.answerTopic().value();
    private final byte[] payload = ("{\"id\":\"" + ID + "\",\"response\":\"done\"}").getBytes(StandardCharsets.UTF_8);

    /** How many other calls wait. */
    @Param({"0", "10000"})
    int others;

    private static Route route(MessageId id) {
        return new Route(new ClientPrefix("gateway"), id, new Target("pump-1"), new Method("start"));
    }

    /** Lets the others wait. */
    @Setup(Level.Trial)
    public void letOthersWait() {
        for (long other = 0; other < others; other++) {
            var unused =
                    pending.expect(route(new MessageId(new UUID(other << 16 | 0x4000L, 0x8000000000000000L | other))));
        }
    }

    /** Registers a call, and delivers its answer. */
    @Benchmark
    public PendingAcks.Pending matchAnswer() {
        try (PendingAcks.Pending call = pending.expect(route)) {
            pending.deliver(topic, payload);
            if (call.isWaiting()) {
                throw new IllegalStateException("measures an answer that is none");
            }
            return call;
        }
    }
}
