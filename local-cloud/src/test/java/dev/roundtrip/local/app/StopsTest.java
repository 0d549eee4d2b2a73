package dev.roundtrip.local.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopsTest {
    @Test
    void step_that_fails_is_told_and_the_others_follow() {
        List<String> taken = new ArrayList<>();
        List<String> log = new ArrayList<>();
        List<Runnable> steps = List.of(
                () -> taken.add("api"),
                () -> {
                    throw new IllegalStateException("s3cret");
                },
                () -> {
                    throw new NoClassDefFoundError("gone");
                },
                () -> taken.add("broker"));

        Stops.run(steps, log::add);

        assertThat(taken).containsExactly("api", "broker");
        assertThat(log)
                .hasSize(2)
                .allSatisfy(
                        line -> assertThat(line).contains("\"level\":\"ERROR\"").doesNotContain("s3cret"));
    }
}
