package dev.roundtrip.local.iot.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.mqtt.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a job rolls out, is aborted, starts and ends. The clock stands at 1970-01-12T13:46:40Z at first. */
class JobCourseTest {
    private final InMemoryTables tables = new InMemoryTables();
    private TestJobs test = new TestJobs(tables);

    @AfterEach
    void stop() throws Exception {
        test.close();
    }

    private String[] things(int number) throws Exception {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            names.add("thing-%04d".formatted(i));
            var unused = new ThingRegistry(test.registry).create(names.getLast(), "", Map.of());
        }
        return names.toArray(String[]::new);
    }

    private void group(String name, String... things) {
        test.ask("POST", "/thing-groups/" + name, "{}").ok();
        for (String thing : things) {
            test.ask(
                            "PUT",
                            "/thing-groups/addThingToThingGroup",
                            "{'thingGroupName':'" + name + "','thingName':'" + thing + "'}")
                    .ok();
        }
    }

    private Answer ofGroup(String id, String more) {
        return test.ask(
                "PUT", "/jobs/" + id, "{'targets':['" + TestJobs.ARN + "thinggroup/all'],'document':'{}'" + more + "}");
    }

    private int count(String id, String status) {
        return test.job(id)
                .path("jobProcessDetails")
                .path("numberOf" + status + "Things")
                .asInt();
    }

    private void report(String id, String thing, String status) {
        test.ask("POST", "/data/things/" + thing + "/jobs/" + id, "{'status':'" + status + "'}")
                .ok();
    }

    private String status(String id) {
        return test.job(id).path("status").asText();
    }

    private List<String> pending(String thing) {
        List<String> ids = new ArrayList<>();
        JsonNode pending =
                test.ask("GET", "/data/things/" + thing + "/jobs", "").ok().body();
        pending.path("inProgressJobs").forEach(job -> ids.add(job.path("jobId").asText()));
        pending.path("queuedJobs").forEach(job -> ids.add(job.path("jobId").asText()));
        return ids;
    }

    @Test
    void constant_rate_queues_so_many_in_each_minute_also_after_a_restart() throws Exception {
        test.create("a", ",'jobExecutionsRolloutConfig':{'maximumPerMinute':2}", things(5));
        assertThat(count("a", "Queued")).isEqualTo(2);
        assertThat(test.job("a").path("isConcurrent").asBoolean()).isTrue();

        test.advance(Duration.ofSeconds(59));
        assertThat(count("a", "Queued")).isEqualTo(2);
        test.advance(Duration.ofSeconds(1));
        assertThat(count("a", "Queued")).isEqualTo(4);
        test.close();
        test = new TestJobs(tables);
        test.advance(Duration.ofMinutes(2));

        assertThat(count("a", "Queued")).isEqualTo(5);
        assertThat(test.job("a").path("isConcurrent").asBoolean()).isFalse();
    }

    @Test
    void exponential_rate_rises_with_the_things_that_were_notified() throws Exception {
        test.create(
                "a",
                ",'jobExecutionsRolloutConfig':{'exponentialRate':{'baseRatePerMinute':1,'incrementFactor':2,"
                        + "'rateIncreaseCriteria':{'numberOfNotifiedThings':2}}}",
                things(12));
        List<Integer> queued = new ArrayList<>();

        for (int minute = 0; minute < 5; minute++) {
            queued.add(count("a", "Queued"));
            test.advance(Duration.ofMinutes(1));
        }

        assertThat(queued).containsExactly(1, 2, 4, 8, 12);
    }

    @Test
    void job_without_a_rate_goes_to_many_things_in_steps_of_a_hundred() throws Exception {
        group("all", things(250));

        ofGroup("b", "").ok();
        int atOnce = count("b", "Queued");
        test.advance(Duration.ofMillis(5));

        assertThat(atOnce).isEqualTo(100);
        assertThat(count("b", "Queued")).isEqualTo(250);
        test.ask("PUT", "/jobs/b/cancel", "").ok();
        assertThat(count("b", "Canceled")).isEqualTo(250);
        test.ask("DELETE", "/jobs/b", "").ok();
        assertThat(test.ask("GET", "/jobs/b", "").status()).isEqualTo(404);
    }

    @Test
    void job_whose_criteria_are_met_cancels_what_is_queued_and_says_why() throws Exception {
        String[] things = things(5);
        test.ask("PATCH", "/event-configurations", "{'eventConfigurations':{'JOB':{'Enabled':true}}}")
                .ok();
        RawClient app = test.broker.mqtt5().connect("app").subscribe("$aws/events/job/#");
        test.create(
                "a",
                ",'abortConfig':{'criteriaList':[{'failureType':'FAILED','action':'CANCEL',"
                        + "'thresholdPercentage':50,'minNumberOfExecutedThings':2}]}",
                things);
        report("a", things[0], "IN_PROGRESS");
        report("a", things[1], "SUCCEEDED");
        assertThat(status("a")).isEqualTo("IN_PROGRESS");

        report("a", things[2], "FAILED");
        test.advance(Duration.ZERO);

        JsonNode job = test.job("a");
        assertThat(job.path("status").asText()).isEqualTo("CANCELED");
        assertThat(job.path("reasonCode").asText()).isEqualTo("ABORT_CRITERIA_MET");
        assertThat(job.path("comment").asText()).isNotEmpty();
        assertThat(job.path("forceCanceled").asBoolean()).isFalse();
        assertThat(count("a", "Canceled")).isEqualTo(2);
        assertThat(count("a", "InProgress")).isOne();
        assertThat(app.nextPublish().topic()).isEqualTo("$aws/events/job/a/cancellation_in_progress");
        RawClient.Publish canceled = app.nextPublish();
        assertThat(canceled.topic()).isEqualTo("$aws/events/job/a/canceled");
        assertThat(TestJobs.json(canceled.payload())
                        .path("jobProcessDetails")
                        .path("numberOfCanceledThings")
                        .asInt())
                .isEqualTo(2);
        report("a", things[0], "SUCCEEDED");
        assertThat(status("a")).isEqualTo("CANCELED");
    }

    @Test
    void retry_that_is_left_keeps_a_job_from_being_aborted() {
        test.create(
                "a",
                ",'jobExecutionsRetryConfig':{'criteriaList':[{'failureType':'FAILED','numberOfRetries':1}]},"
                        + "'abortConfig':{'criteriaList':[{'failureType':'ALL','action':'CANCEL',"
                        + "'thresholdPercentage':1,'minNumberOfExecutedThings':1}]}",
                "pump",
                "valve");

        report("a", "pump", "FAILED");
        assertThat(status("a")).isEqualTo("IN_PROGRESS");
        report("a", "pump", "FAILED");

        assertThat(status("a")).isEqualTo("CANCELED");
    }

    @Test
    void cancellation_goes_on_after_a_restart() throws Exception {
        test.create("a", "", things(3));
        // The process ended after the job was cancelled, before its executions were.
        boolean unused = test.jobs.<Boolean, RuntimeException>changeJob("a", change -> {
            JobCourse.cancel(change, change.job("a").orElseThrow(), Job.Ending.NONE);
            return true;
        });
        assertThat(test.job("a").path("isConcurrent").asBoolean()).isTrue();
        test.close();
        test = new TestJobs(tables);

        test.advance(Duration.ZERO);

        assertThat(count("a", "Canceled")).isEqualTo(3);
        assertThat(test.job("a").path("isConcurrent").asBoolean()).isFalse();
    }

    @Test
    void scheduled_job_is_made_while_as_many_roll_out_as_may_and_is_cancelled_at_its_start() throws Exception {
        boolean unused = test.jobs.writeRows(rows -> {
            for (int job = 0; job < RolloutRows.MAX_CONCURRENT; job++) {
                RolloutRows.put(rows, "busy-" + job, Rollout.NEW);
            }
            return true;
        });
        assertThat(test.ask("PUT", "/jobs/b", "{'targets':['" + TestJobs.ARN + "thing/pump'],'document':'{}'}")
                        .error())
                .isEqualTo("LimitExceededException");

        test.create("a", ",'schedulingConfig':{'startTime':'1970-01-12 14:20'}", "pump");
        assertThat(status("a")).isEqualTo("SCHEDULED");
        test.clock.advance(Duration.ofHours(1));

        assertThat(status("a")).isEqualTo("CANCELED");
        assertThat(test.job("a").path("reasonCode").asText()).isEqualTo("CONCURRENT_JOBS_LIMIT_EXCEEDED");
        assertThat(pending("pump")).isEmpty();
    }

    @Test
    void no_further_targets_are_added_while_as_many_jobs_roll_out_as_may() throws Exception {
        test.ask("POST", "/thing-groups/g", "{}").ok();
        test.ask(
                        "PUT",
                        "/jobs/a",
                        "{'targets':['" + TestJobs.ARN + "thinggroup/g'],'document':'{}',"
                                + "'targetSelection':'CONTINUOUS'}")
                .ok();
        boolean unused = test.jobs.writeRows(rows -> {
            for (int job = 0; job < RolloutRows.MAX_CONCURRENT; job++) {
                RolloutRows.put(rows, "busy-" + job, Rollout.NEW);
            }
            return true;
        });

        assertThat(test.ask("POST", "/jobs/a/targets", "{'targets':['" + TestJobs.ARN + "thinggroup/g']}")
                        .error())
                .isEqualTo("LimitExceededException");
    }

    @Test
    void second_cancellation_by_force_reaches_what_runs_and_does_not_move_the_end() {
        test.create("a", "", "pump");
        report("a", "pump", "IN_PROGRESS");
        test.ask("PUT", "/jobs/a/cancel", "").ok();
        long ended = test.job("a").path("completedAt").asLong();
        assertThat(count("a", "InProgress")).isOne();
        test.clock.advance(Duration.ofMinutes(5));

        test.ask("PUT", "/jobs/a/cancel?force=true", "").ok();

        assertThat(count("a", "Canceled")).isOne();
        assertThat(test.job("a").path("completedAt").asLong()).isEqualTo(ended);
        assertThat(test.job("a").path("forceCanceled").asBoolean()).isTrue();
    }

    @Test
    void scheduled_job_starts_at_its_time_also_after_a_restart() throws Exception {
        test.create("a", ",'schedulingConfig':{'startTime':'1970-01-12 14:20'}", "pump");
        assertThat(status("a")).isEqualTo("SCHEDULED");
        assertThat(pending("pump")).isEmpty();
        test.close();
        test = new TestJobs(tables);

        test.advance(Duration.ofSeconds(33 * 60 + 19));
        assertThat(status("a")).isEqualTo("SCHEDULED");
        test.advance(Duration.ofSeconds(1));

        assertThat(status("a")).isEqualTo("IN_PROGRESS");
        assertThat(pending("pump")).containsExactly("a");
        report("a", "pump", "SUCCEEDED");
        assertThat(status("a")).isEqualTo("COMPLETED");
    }

    @ParameterizedTest(name = "{0}: job {1}, {2} cancelled, {3} queued, {4} in progress")
    @CsvSource({"STOP_ROLLOUT, IN_PROGRESS, 0, 1, 1", "CANCEL, IN_PROGRESS, 1, 0, 1", "FORCE_CANCEL, COMPLETED, 2, 0, 0"
    })
    void end_time_stops_the_roll_out_and_cancels_as_asked(
            String behavior, String status, int cancelled, int queued, int inProgress) throws Exception {
        String[] things = things(100);
        test.create(
                "a",
                ",'jobExecutionsRolloutConfig':{'maximumPerMinute':2},'schedulingConfig':{"
                        + "'endTime':'1970-01-12 14:20','endBehavior':'" + behavior + "'}",
                things);
        // 34 minutes queue two each; all of them are done except for two of the first minute.
        for (int minute = 0; minute < 34; minute++) {
            for (int i = 2 * minute; i < 2 * minute + 2; i++) {
                if (i > 1) {
                    report("a", things[i], "SUCCEEDED");
                }
            }
            if (minute < 33) {
                test.advance(Duration.ofMinutes(1));
            }
        }
        report("a", things[0], "IN_PROGRESS");

        test.advance(Duration.ofSeconds(20));
        test.advance(Duration.ofMinutes(5));

        assertThat(status("a")).isEqualTo(status);
        assertThat(count("a", "Canceled")).isEqualTo(cancelled);
        assertThat(count("a", "Queued")).isEqualTo(queued);
        assertThat(count("a", "InProgress")).isEqualTo(inProgress);
        assertThat(count("a", "Succeeded")).isEqualTo(66);
    }

    @Test
    void continuous_job_is_complete_after_its_end_time_only() {
        group("all", "pump");
        ofGroup("a", ",'targetSelection':'CONTINUOUS','schedulingConfig':{'endTime':'1970-01-12 14:20'}")
                .ok();
        report("a", "pump", "SUCCEEDED");
        assertThat(status("a")).isEqualTo("IN_PROGRESS");

        test.advance(Duration.ofHours(1));

        assertThat(status("a")).isEqualTo("COMPLETED");
    }

    @Test
    void execution_goes_on_after_the_end_time_wherever_else_its_thing_moves() throws Exception {
        group("all", "pump");
        group("others");
        group("late", "valve");
        ofGroup("a", ",'targetSelection':'CONTINUOUS','schedulingConfig':{'endTime':'1970-01-12 14:20'}")
                .ok();
        report("a", "pump", "IN_PROGRESS");
        test.advance(Duration.ofHours(1));

        move("add", "others", "pump");
        move("add", "all", "valve");
        Answer associated = test.ask("POST", "/jobs/a/targets", "{'targets':['" + TestJobs.ARN + "thinggroup/late']}");

        assertThat(count("a", "InProgress")).isEqualTo(1);
        assertThat(count("a", "Queued")).isZero();
        assertThat(associated.status()).isEqualTo(400);
        move("remove", "all", "pump");
        assertThat(count("a", "Removed")).isEqualTo(1);
        assertThat(status("a")).isEqualTo("COMPLETED");
    }

    private void move(String verb, String group, String thing) {
        String where = verb.equals("add") ? "addThingToThingGroup" : "removeThingFromThingGroup";
        test.ask("PUT", "/thing-groups/" + where, "{'thingGroupName':'" + group + "','thingName':'" + thing + "'}")
                .ok();
    }

    @Test
    void failure_after_the_end_time_is_not_tried_again() throws Exception {
        group("all", "pump");
        ofGroup(
                        "a",
                        ",'jobExecutionsRetryConfig':{'criteriaList':[{'failureType':'FAILED','numberOfRetries':3}]},"
                                + "'schedulingConfig':{'endTime':'1970-01-12 14:20','endBehavior':'CANCEL'}")
                .ok();
        report("a", "pump", "IN_PROGRESS");
        test.advance(Duration.ofHours(1));

        report("a", "pump", "FAILED");

        assertThat(count("a", "Failed")).isEqualTo(1);
        assertThat(count("a", "Queued")).isZero();
        assertThat(status("a")).isEqualTo("COMPLETED");
    }

    @Test
    void second_cancellation_takes_nothing_back_of_one_by_force() {
        group("all", "pump");
        ofGroup("a", "").ok();
        test.ask("PUT", "/jobs/a/cancel?force=true", "").ok();

        test.ask("PUT", "/jobs/a/cancel", "").ok();

        assertThat(test.job("a").path("forceCanceled").asBoolean()).isTrue();
    }

    @Test
    void executions_are_shown_in_maintenance_windows_only() throws Exception {
        group("all", "pump", "valve");
        ofGroup(
                        "a",
                        ",'targetSelection':'CONTINUOUS','jobExecutionsRetryConfig':{'criteriaList':["
                                + "{'failureType':'FAILED','numberOfRetries':3}]},'schedulingConfig':{"
                                + "'maintenanceWindows':[{'startTime':'cron(0 14 * * ? *)','durationInMinutes':60}]}")
                .ok();
        assertThat(status("a")).isEqualTo("SCHEDULED");
        assertThat(pending("pump")).isEmpty();
        assertThat(test.job("a").path("scheduledJobRollouts"))
                .hasSize(7)
                .first()
                .extracting(rollout -> rollout.path("startTime").asText())
                .isEqualTo("1970-01-12 14:00");
        test.advance(Duration.ofMinutes(14));
        assertThat(status("a")).isEqualTo("IN_PROGRESS");
        assertThat(pending("pump")).containsExactly("a");
        RawClient app = test.broker.mqtt5().connect("app").subscribe("$aws/things/+/jobs/notify");
        report("a", "valve", "IN_PROGRESS");

        test.advance(Duration.ofHours(1));

        assertThat(status("a")).isEqualTo("SCHEDULED");
        assertThat(pending("pump")).isEmpty();
        assertThat(pending("valve")).containsExactly("a");
        assertThat(app.nextPublish().payload()).contains("\"jobs\":{}");
        report("a", "valve", "FAILED");
        assertThat(pending("valve")).isEmpty();
        assertThat(count("a", "Queued")).isEqualTo(2);
        test.close();
        test = new TestJobs(tables);
        test.advance(Duration.ofDays(1).plusMinutes(14));
        assertThat(status("a")).isEqualTo("IN_PROGRESS");
        assertThat(pending("pump")).containsExactly("a");
        assertThat(pending("valve")).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'jobExecutionsRolloutConfig':{'maximumPerMinute':0}",
                "'jobExecutionsRolloutConfig':{'maximumPerMinute':1001}",
                "'jobExecutionsRolloutConfig':{'exponentialRate':{'baseRatePerMinute':1,'incrementFactor':2}}",
                "'jobExecutionsRolloutConfig':{'exponentialRate':{'baseRatePerMinute':1,'incrementFactor':1.15,"
                        + "'rateIncreaseCriteria':{'numberOfNotifiedThings':2}}}",
                "'jobExecutionsRolloutConfig':{'exponentialRate':{'baseRatePerMinute':1,'incrementFactor':5.1,"
                        + "'rateIncreaseCriteria':{'numberOfNotifiedThings':2}}}",
                "'abortConfig':{'criteriaList':[]}",
                "'abortConfig':{'criteriaList':[{'failureType':'REMOVED','action':'CANCEL',"
                        + "'thresholdPercentage':1,'minNumberOfExecutedThings':1}]}",
                "'abortConfig':{'criteriaList':[{'failureType':'ALL','action':'STOP',"
                        + "'thresholdPercentage':1,'minNumberOfExecutedThings':1}]}",
                "'abortConfig':{'criteriaList':[{'failureType':'ALL','action':'CANCEL',"
                        + "'thresholdPercentage':10.999,'minNumberOfExecutedThings':1}]}",
                "'schedulingConfig':{'startTime':'1970-01-12 14:00'}",
                "'schedulingConfig':{'startTime':'1971-02-12 14:00'}",
                "'schedulingConfig':{'startTime':'tomorrow'}",
                "'schedulingConfig':{'startTime':'1970-01-12 15:00','endTime':'1970-01-12 15:29'}",
                "'schedulingConfig':{'endTime':'1972-02-12 14:00'}",
                "'schedulingConfig':{'endBehavior':'CANCEL'}",
                "'schedulingConfig':{'endTime':'1970-01-12 15:00','endBehavior':'STAY'}",
                "'schedulingConfig':{'maintenanceWindows':[{'startTime':'0 1 * * ? *','durationInMinutes':60}]}",
                "'targetSelection':'CONTINUOUS','schedulingConfig':{'maintenanceWindows':[{'startTime':'0 1 * * ? *',"
                        + "'durationInMinutes':1431}]}",
                "'targetSelection':'CONTINUOUS','schedulingConfig':{'maintenanceWindows':[{'startTime':'daily',"
                        + "'durationInMinutes':60}]}"
            })
    void configuration_out_of_bounds_is_refused(String member) {
        group("all", "pump");

        assertThat(ofGroup("a", "," + member).error()).isEqualTo("InvalidRequestException");
    }
}
