package dev.roundtrip.local.iot.command;

import static org.assertj.core.api.Assertions.assertThat;

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
            ExecutionState created,
            ExecutionState inProgress,
            ExecutionState succeeded,
            ExecutionState failed,
            ExecutionState rejected,
            ExecutionState timedOut) {
        ExecutionState[] expected = {created, inProgress, succeeded, failed, rejected, timedOut};
        for (ExecutionStatus report : ExecutionStatus.values()) {
            assertThat(from.reported(report).orElse(null))
                    .as(from + " and " + report)
                    .isEqualTo(expected[report.ordinal()]);
        }
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
