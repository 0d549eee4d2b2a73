package dev.roundtrip.benchmarks.hot;

import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.RequestMessage;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.protocol.Topic;
import java.time.Instant;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a command consists of. */
@State(Scope.Benchmark)
public class CommandBenchmark {
    private final Route route = new Route(
            new ClientPrefix("gateway"),
            MessageId.of("559aff25-3892-40ed-a6b1-680312a74339"),
            new Target("pump-1"),
            new Method("start"));
    private final JsonText request = JsonText.string("my_request_1");
    private final Instant now = Instant.ofEpochMilli(1_790_000_000_000L);
    private final Instant deadline = now.plusSeconds(10);

    /** Four names become the topic that the command goes to. */
    @Benchmark
    public Topic buildTopic() {
        return route.requestTopic();
    }

    /** Request, id and times become the payload. */
    @Benchmark
    public byte[] buildPayload() {
        return new RequestMessage(now, request, route.wireId(), deadline).encode();
    }
}
