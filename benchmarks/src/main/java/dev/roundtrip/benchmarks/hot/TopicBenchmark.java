package dev.roundtrip.benchmarks.hot;

import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.protocol.Topic;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The topic that a command goes to. */
@State(Scope.Benchmark)
public class TopicBenchmark {
    private final Route route = new Route(
            new ClientPrefix("gateway"),
            MessageId.of("559aff25-3892-40ed-a6b1-680312a74339"),
            new Target("pump-1"),
            new Method("start"));

    /** Four names become one topic. */
    @Benchmark
    public Topic request() {
        return route.requestTopic();
    }
}
