package dev.roundtrip.local.iot.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.iot.job.ExecutionTransitions.Actor;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of who may bring an execution from which status to which one. */
class ExecutionTransitionsTest {

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({
        "QUEUED,      QUEUED,      ''",
        "QUEUED,      IN_PROGRESS, DEVICE",
        "QUEUED,      SUCCEEDED,   DEVICE",
        "QUEUED,      FAILED,      DEVICE",
        "QUEUED,      REJECTED,    DEVICE",
        "QUEUED,      TIMED_OUT,   ''",
        "QUEUED,      CANCELED,    CANCELLATION FORCED_CANCELLATION",
        "QUEUED,      REMOVED,     REMOVAL",
        "IN_PROGRESS, QUEUED,      ''",
        "IN_PROGRESS, IN_PROGRESS, DEVICE",
        "IN_PROGRESS, SUCCEEDED,   DEVICE",
        "IN_PROGRESS, FAILED,      DEVICE",
        "IN_PROGRESS, REJECTED,    DEVICE",
        "IN_PROGRESS, TIMED_OUT,   TIMER",
        "IN_PROGRESS, CANCELED,    FORCED_CANCELLATION",
        "IN_PROGRESS, REMOVED,     REMOVAL"
    })
    void pending_execution_is_changed_by_those_that_may(ExecutionStatus from, ExecutionStatus to, String actors) {
        Set<String> may = new TreeSet<>();
        for (Actor actor : Actor.values()) {
            if (ExecutionTransitions.may(from, to, actor)) {
                may.add(actor.name());
            }
        }

        assertThat(String.join(" ", may)).isEqualTo(actors);
    }

    @ParameterizedTest
    @EnumSource(ExecutionStatus.class)
    void execution_that_is_over_is_never_changed(ExecutionStatus to) {
        for (ExecutionStatus from : ExecutionStatus.values()) {
            for (Actor actor : Actor.values()) {
                assertThat(from.isTerminal() && ExecutionTransitions.may(from, to, actor))
                        .isFalse();
            }
        }
    }

    @Test
    void two_statuses_are_not_over() {
        assertThat(Set.of(ExecutionStatus.values()).stream().filter(status -> !status.isTerminal()))
                .containsExactlyInAnyOrder(ExecutionStatus.QUEUED, ExecutionStatus.IN_PROGRESS);
    }
}
