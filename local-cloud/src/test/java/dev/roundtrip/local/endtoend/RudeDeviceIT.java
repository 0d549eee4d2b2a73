package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.app.SimulatedDevices;
import dev.roundtrip.local.check.Rule;
import dev.roundtrip.local.check.Verdict.Finding;
import dev.roundtrip.local.endtoend.RudeDevice.Rudeness;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the check finds in devices that break one rule each. All are checked at once, because a check mostly waits. */
class RudeDeviceIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path state;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static TestCloud cloud;

    private static final ExecutorService CHECKS = Executors.newVirtualThreadPerTaskExecutor();
    private static final Map<Rule, Future<CheckedDevice>> CHECKED = new EnumMap<>(Rule.class);

    @BeforeAll
    static void start() throws Exception {
        cloud = TestCloud.start(state);
        for (Rule rule : Rule.values()) {
            CHECKED.put(rule, CHECKS.submit(() -> check("rude-" + rule.word(), Rudenesses.breaking(rule))));
        }
    }

    @AfterAll
    static void stop() {
        CHECKS.shutdownNow();
        cloud.close();
    }

    private static CheckedDevice check(String name, Rudeness rudeness) throws Exception {
        try (RudeDevice device =
                RudeDevice.connect(SimulatedDevices.login(cloud.cloud(), cloud.thing(name)), rudeness)) {
            return CheckedDevice.of(cloud, name, "count");
        }
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void device_that_breaks_one_rule_is_told_this_rule_and_no_other(Rule rule) throws Exception {
        CheckedDevice checked = Objects.requireNonNull(CHECKED.get(rule)).get();

        assertThat(checked.rules(Finding.BROKEN)).as(checked.toString()).containsExactly(rule);
        assertThat(checked.report().isKept(Rule.Level.REQUIRED)).isEqualTo(rule.level() != Rule.Level.REQUIRED);
        // A device that does not answer once to one request cannot be asked anything else.
        Set<Rule> others = EnumSet.complementOf(EnumSet.of(rule));
        assertThat(checked.rules(rule == Rule.ANSWERS ? Finding.UNSEEN : Finding.KEPT))
                .isEqualTo(others);
    }

    @Test
    void device_that_floods_is_told_so_and_asked_nothing_more() throws Exception {
        CheckedDevice checked = check("flood", new Rudenesses.Floods());

        assertThat(checked.rules(Finding.BROKEN)).containsExactly(Rule.BEGUN);
        assertThat(checked.remark(Rule.BEGUN)).isEqualTo("more than 100 answers came to one request");
        assertThat(checked.rules(Finding.UNSEEN))
                .containsExactlyInAnyOrder(Arrays.stream(Rule.values())
                        .filter(rule -> rule.compareTo(Rule.BEGUN) > 0)
                        .toArray(Rule[]::new));
        assertThat(checked.remark(Rule.SAMPLE)).contains("floods");
    }
}
