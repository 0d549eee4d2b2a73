package dev.roundtrip.benchmarks.hot;

import dev.roundtrip.mqtt.topic.SubscriptionTree;
import dev.roundtrip.mqtt.topic.TopicFilter;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The broker finds who hears a message. */
@State(Scope.Benchmark)
public class RouteBenchmark {
    private static final String ID = "559aff25-3892-40ed-a6b1-680312a74339";

    private final SubscriptionTree<String> tree = new SubscriptionTree<>();

    /** How many devices are subscribed, besides the gateway. */
    @Param({"1", "1000"})
    int devices;

    /** Subscribes everybody. */
    @Setup(Level.Trial)
    public void subscribe() {
        for (int device = 0; device < devices; device++) {
            tree.add(TopicFilter.parse("pump-" + device + "/#").orElseThrow(), "pump-" + device);
        }
        tree.add(TopicFilter.parse("gateway/+/+/+/ack").orElseThrow(), "gateway");
    }

    /** A command, to its device. */
    @Benchmark
    public List<String> routeCommand() {
        return toOne("pump-0/start/gateway/" + ID);
    }

    /** An answer, to the gateway. */
    @Benchmark
    public List<String> routeAnswer() {
        return toOne("gateway/" + ID + "/pump-0/start/ack");
    }

    private List<String> toOne(String topic) {
        List<String> hearers = tree.match(topic);
        if (hearers.size() != 1) {
            throw new IllegalStateException("measures a message that " + hearers.size() + " hear");
        }
        return hearers;
    }
}
