package dev.roundtrip.local.iot.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The states of executions, as the developer guide lists them. */
class ExecutionStateTest {

    @ParameterizedTest
    @CsvSource(nullValues = "refused", textBlock = """
                    # state,    CREATED, IN_PROGRESS, SUCCEEDED, FAILED,  REJECTED, TIMED_OUT
                    CREATED,     refused, IN_PROGRESS, SUCCEEDED, FAILED,  REJECTED, TIMED_OUT
                    IN_PROGRESS, refused, IN_PROGRESS, SUCCEEDED, FAILED,  REJECTED, TIMED_OUT
                    OVERDUE,     refused, refused,     SUCCEEDED, FAILED,  REJECTED, TIMED_OUT
                    SUCCEEDED,   refused, refused,     refused,   refused, refused,  refused
                    FAILED,      refused, refused,     refused,   refused, refused,  refused
                    REJECTED,    refused, refused,     refused,   refused, refused,  refused
                    TIMED_OUT,   refused, refused,     refused,   refused, refused,  refused
                    """)
    void device_moves_an_execution_as_the_table_says(
            ExecutionState from,
            @Nullable ExecutionState created,
            @Nullable ExecutionState inProgress,
            @Nullable ExecutionState succeeded,
            @Nullable ExecutionState failed,
            @Nullable ExecutionState rejected,
            @Nullable ExecutionState timedOut) {
        List<@Nullable ExecutionState> expected =
                Arrays.asList(created, inProgress, succeeded, failed, rejected, timedOut);

        List<@Nullable ExecutionState> found = new ArrayList<>();
        for (ExecutionStatus report : ExecutionStatus.values()) {
            found.add(from.reported(report).orElse(null));
        }
        assertThat(found).as(from.name()).isEqualTo(expected);
    }

    @Test
    void timed_out_is_final_only_when_the_device_says_so() {
        assertThat(ExecutionState.OVERDUE.status()).isEqualTo(ExecutionStatus.TIMED_OUT);
        assertThat(ExecutionState.OVERDUE.isTerminal()).isFalse();
        assertThat(ExecutionState.OVERDUE.isRunning()).isFalse();
        assertThat(ExecutionState.TIMED_OUT.status()).isEqualTo(ExecutionStatus.TIMED_OUT);
        assertThat(ExecutionState.TIMED_OUT.isTerminal()).isTrue();
    }
}
