package dev.roundtrip.local.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any spec is written as a text that reads as the same spec. */
class FaultSpecPropertyTest {
    private static final long BILLION = 1_000_000_000;

    @Provide
    Arbitrary<FaultSpec> specs() {
        Arbitrary<List<String>> words = Arbitraries.of(
                        "drop", "delay", "duplicate", "reorder", "late", "cut", "forge", "conflict", "restart", "seed")
                .list()
                .uniqueElements();
        return words.flatMap(FaultSpecPropertyTest::texts).map(FaultSpec::parse);
    }

    private static Arbitrary<String> texts(List<String> words) {
        if (words.isEmpty()) {
            return Arbitraries.just("off");
        }
        List<Arbitrary<String>> parts =
                words.stream().map(word -> part(word, words.size())).toList();
        return Combinators.combine(parts).as(all -> String.join(",", all));
    }

    private static Arbitrary<String> part(String word, int parts) {
        return switch (word) {
            case "seed" ->
                Arbitraries.longs().between(-99 * BILLION, 99 * BILLION).map(seed -> "seed=" + seed);
            case "restart" ->
                Combinators.combine(times(1), times(0)).as((every, away) -> "restart=" + every + ":" + away);
            case "delay", "late" ->
                Combinators.combine(shares(parts), times(0)).as((share, time) -> word + "=" + share + ":" + time);
            default -> shares(parts).map(share -> word + "=" + share);
        };
    }

    /** So small that all together are at most 1. */
    private static Arbitrary<String> shares(int parts) {
        return Arbitraries.longs()
                .between(0, BILLION / parts)
                .map(share -> share == BILLION ? "1" : "0.%09d".formatted(share));
    }

    private static Arbitrary<String> times(int least) {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(least, 3_600_000).map(time -> time + "ms"),
                Arbitraries.integers().between(least, 3_600).map(time -> time + "s"),
                Arbitraries.integers().between(least, 60).map(time -> time + "m"));
    }

    @Property
    void spec_is_written_as_the_text_that_reads_as_the_same(@ForAll("specs") FaultSpec spec) {
        FaultSpec read = FaultSpec.parse(spec.toString());

        assertThat(read).isEqualTo(spec).hasSameHashCodeAs(spec).hasToString(spec.toString());
        assertThat(decisions(read)).isEqualTo(decisions(spec));
    }

    private static String decisions(FaultSpec spec) {
        FaultRandom random = new FaultRandom(spec);
        return Stream.generate(() -> String.valueOf(random.next())).limit(20).collect(Collectors.joining());
    }
}
