package dev.roundtrip.local.iot.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.mqtt.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of events: what happens to a job and its executions, and what is published of it. */
class JobEventsTest {
    private final TestJobs test = new TestJobs(new InMemoryTables());

    @SuppressWarnings("NullAway.Init") // set before each test
    private RawClient app;

    @BeforeEach
    void subscribe() throws Exception {
        test.ask(
                        "PATCH",
                        "/event-configurations",
                        "{'eventConfigurations':{'JOB':{'Enabled':true},'JOB_EXECUTION':{'Enabled':true}}}")
                .ok();
        test.create("a", ",'description':'clean','timeoutConfig':{'inProgressTimeoutInMinutes':1}", "pump", "valve");
        app = test.broker.mqtt5().connect("app").subscribe("$aws/events/job/#").subscribe("$aws/events/jobExecution/#");
    }

    @AfterEach
    void stop() throws Exception {
        test.close();
    }

    private void report(String thing, String status) {
        test.ask("POST", "/data/things/" + thing + "/jobs/a", "{'status':'" + status + "','statusDetails':{'k':'v'}}")
                .ok();
    }

    private void happen(String what) {
        switch (what) {
            case "SUCCEEDED", "FAILED", "REJECTED", "IN_PROGRESS" -> report("pump", what);
            case "TIMED_OUT" -> {
                report("pump", "IN_PROGRESS");
                test.advance(Duration.ofMinutes(1));
            }
            case "both" -> {
                report("pump", "SUCCEEDED");
                report("valve", "FAILED");
            }
            case "thing deleted" -> test.ask("DELETE", "/things/pump", "").ok();
            case "execution cancelled" ->
                test.ask("PUT", "/things/pump/jobs/a/cancel", "").ok();
            case "execution deleted" ->
                test.ask("DELETE", "/things/pump/jobs/a/executionNumber/1?force=true", "")
                        .ok();
            case "job cancelled" -> test.ask("PUT", "/jobs/a/cancel", "").ok();
            default -> test.ask("DELETE", "/jobs/a?force=true", "").ok();
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "IN_PROGRESS          | ''",
                "SUCCEEDED            | jobExecution succeeded",
                "FAILED               | jobExecution failed",
                "REJECTED             | jobExecution rejected",
                "TIMED_OUT            | jobExecution timed_out",
                "thing deleted        | jobExecution removed",
                "execution cancelled  | jobExecution canceled",
                "execution deleted    | jobExecution deleted",
                "both                 | jobExecution succeeded, jobExecution failed, job completed",
                "job cancelled        | job cancellation_in_progress, jobExecution canceled, jobExecution canceled,"
                        + " job canceled",
                "job deleted          | job deletion_in_progress, jobExecution deleted, jobExecution deleted, job deleted"
            })
    void events_are_published_as_the_table_says(String what, String events) throws Exception {
        happen(what);

        List<String> heard = new ArrayList<>();
        for (String unused : events.isEmpty() ? new String[0] : events.split(", ", -1)) {
            String[] levels = app.nextPublish().topic().split("/", -1);
            assertThat(levels[3]).isEqualTo("a");
            heard.add(levels[2] + " " + levels[4]);
        }
        assertThat(String.join(", ", heard)).isEqualTo(events);
        app.expectNothing();
    }

    @Test
    void event_of_an_execution_has_its_details() throws Exception {
        report("pump", "SUCCEEDED");

        JsonNode event = TestJobs.json(app.nextPublish().payload());

        assertThat(event.path("eventId").asText()).isNotEmpty();
        assertThatObject(((ObjectNode) event).without("eventId"))
                .isEqualTo(TestJobs.json("{'eventType':'JOB_EXECUTION','timestamp':1000000,'operation':'succeeded',"
                        + "'jobId':'a','thingArn':'" + TestJobs.ARN + "thing/pump','status':'SUCCEEDED',"
                        + "'statusDetails':{'k':'v'}}"));
    }

    @Test
    void event_of_a_job_that_is_over_has_its_numbers() throws Exception {
        test.ask("PUT", "/jobs/a/cancel", "{'reasonCode':'WRONG','comment':'not this one'}")
                .ok();
        JsonNode event = TestJobs.json(app.nextPublish().payload());
        assertThat(event.path("status").asText()).isEqualTo("CANCELLATION_IN_PROGRESS");
        var unused = app.nextPublish();
        var unusedSecond = app.nextPublish();

        event = TestJobs.json(app.nextPublish().payload());

        assertThat(event.path("status").asText()).isEqualTo("CANCELED");
        assertThat(event.path("timestamp").asLong()).isEqualTo(1_000_000);
        assertThat(event.path("createdAt").asLong()).isEqualTo(1_000_000_000);
        assertThat(event.path("completedAt").asLong()).isEqualTo(1_000_000_000);
        assertThat(event.path("description").asText()).isEqualTo("clean");
        assertThat(event.path("targets")).hasSize(2);
        assertThat(event.path("comment").asText()).isEqualTo("not this one");
        assertThat(event.path("jobProcessDetails")
                        .path("numberOfCanceledThings")
                        .asInt())
                .isEqualTo(2);
    }
}
