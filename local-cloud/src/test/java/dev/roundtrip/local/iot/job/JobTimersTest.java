package dev.roundtrip.local.iot.job;

import static dev.roundtrip.local.iot.job.TestJobs.expect;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.mqtt.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Timers end executions at the second, by the clock of the services. */
class JobTimersTest {
    private static final String IN_PROGRESS_20 = ",'timeoutConfig':{'inProgressTimeoutInMinutes':20}";

    private final InMemoryTables tables = new InMemoryTables();
    private TestJobs test = new TestJobs(tables);

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private void start(String body) {
        assertThat(test.ask("PUT", "/data/things/pump/jobs/$next", body).ok().body())
                .isNotEmpty();
    }

    private void update(int minutes) {
        test.ask("POST", "/data/things/pump/jobs/a", "{'status':'IN_PROGRESS','stepTimeoutInMinutes':" + minutes + "}")
                .ok();
    }

    private String status() {
        return execution().path("status").asText();
    }

    private JsonNode execution() {
        return test.ask("GET", "/things/pump/jobs/a", "").ok().body().path("execution");
    }

    private void expectEndAfter(Duration time) {
        test.advance(time.minusMillis(1));
        assertThat(status()).isEqualTo("IN_PROGRESS");
        test.advance(Duration.ofMillis(1));
        assertThat(status()).isEqualTo("TIMED_OUT");
    }

    /** The example of the developer guide: 20 minutes in total; the step timer is set at minute 5, 10 and 13. */
    @ParameterizedTest(name = "{0} step timers end at minute {1}")
    @CsvSource({"1, 12", "2, 15", "3, 20"})
    void earlier_timer_ends_the_execution_and_each_new_step_timer_discards_the_one_before(int steps, int end) {
        test.create("a", IN_PROGRESS_20, "pump");
        start("{}");
        int[] minutes = {7, 5, 9};
        int[] set = {5, 10, 13};
        int now = 0;

        for (int step = 0; step < steps; step++) {
            test.advance(Duration.ofMinutes(set[step] - now));
            now = set[step];
            update(minutes[step]);
        }

        expectEndAfter(Duration.ofMinutes(end - now));
    }

    @Test
    void update_without_a_step_timer_leaves_it_running_and_minus_one_stops_it() {
        test.create("a");
        start("{'stepTimeoutInMinutes':10}");
        test.advance(Duration.ofMinutes(9));
        test.ask("POST", "/data/things/pump/jobs/a", "{'status':'IN_PROGRESS'}").ok();
        assertThat(execution().path("approximateSecondsBeforeTimedOut").asInt()).isEqualTo(60);

        update(-1);
        test.advance(Duration.ofDays(30));

        assertThat(status()).isEqualTo("IN_PROGRESS");
        assertThat(execution().has("approximateSecondsBeforeTimedOut")).isFalse();
    }

    @Test
    void no_timer_runs_for_what_is_queued_or_over() {
        test.create("a", IN_PROGRESS_20, "pump");
        test.advance(Duration.ofDays(1));
        assertThat(status()).isEqualTo("QUEUED");
        start("{}");
        test.ask("POST", "/data/things/pump/jobs/a", "{'status':'SUCCEEDED'}").ok();

        test.advance(Duration.ofDays(1));

        assertThat(status()).isEqualTo("SUCCEEDED");
    }

    @Test
    void changed_timeout_counts_for_executions_that_start_later() {
        test.create("a", IN_PROGRESS_20, "pump");
        test.ask("PATCH", "/jobs/a", "{'timeoutConfig':{'inProgressTimeoutInMinutes':3}}")
                .ok();
        start("{}");
        test.ask("PATCH", "/jobs/a", "{'timeoutConfig':{'inProgressTimeoutInMinutes':1}}")
                .ok();

        expectEndAfter(Duration.ofMinutes(3));
    }

    @Test
    void timer_goes_on_after_a_restart() throws Exception {
        test.create("a");
        start("{'stepTimeoutInMinutes':10}");
        test.close();
        test = new TestJobs(tables);

        expectEndAfter(Duration.ofMinutes(10));
    }

    @Test
    void thing_is_told_that_its_execution_timed_out() throws Exception {
        test.create("a");
        start("{'stepTimeoutInMinutes':1}");
        RawClient pump = test.broker.mqtt5().connect("pump").subscribe("$aws/things/pump/jobs/#");

        test.advance(Duration.ofMinutes(1));

        expect(pump, "$aws/things/pump/jobs/notify", "{'timestamp':1000060,'jobs':{}}");
        expect(pump, "$aws/things/pump/jobs/notify-next", "{'timestamp':1000060}");
        assertThat(test.job("a").path("status").asText()).isEqualTo("COMPLETED");
    }

    @Test
    void execution_that_timed_out_is_tried_again_and_both_are_listed() {
        test.create(
                "a",
                IN_PROGRESS_20
                        + ",'jobExecutionsRetryConfig':{'criteriaList':[{'failureType':'ALL','numberOfRetries':1}]}",
                "pump");
        start("{}");
        test.advance(Duration.ofMinutes(20));
        start("{}");

        Answer both = test.ask("GET", "/things/pump/jobs?jobId=a", "").ok();
        test.advance(Duration.ofMinutes(20));

        assertThat(both.body().path("executionSummaries"))
                .extracting(each -> each.path("jobExecutionSummary")
                                .path("status")
                                .asText() + " "
                        + each.path("jobExecutionSummary")
                                .path("executionNumber")
                                .asText() + " "
                        + each.path("jobExecutionSummary").path("retryAttempt").asText())
                .containsExactly("IN_PROGRESS 2 1", "TIMED_OUT 1 0");
        assertThat(status()).isEqualTo("TIMED_OUT");
        assertThat(test.job("a")
                        .path("jobProcessDetails")
                        .path("numberOfTimedOutThings")
                        .asInt())
                .isOne();
    }

    @Test
    void timer_of_aws_ends_at_the_next_whole_minute() {
        assertThat(Instant.ofEpochMilli(TimerLateness.AWS.end(
                        Instant.parse("2026-11-28T13:00:00.001Z").toEpochMilli())))
                .isEqualTo(Instant.parse("2026-11-28T13:01:00Z"));
        assertThat(TimerLateness.AWS.end(120_000)).isEqualTo(120_000);
        assertThat(TimerLateness.NONE.end(120_001)).isEqualTo(120_001);
    }
}
