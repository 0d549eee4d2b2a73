package dev.roundtrip.local.iot.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Continuous jobs follow their groups, and executions follow their things. The group inner is in the group outer. */
class ContinuousJobTest {
    private final InMemoryTables tables = new InMemoryTables();
    private TestJobs test = new TestJobs(tables);

    @BeforeEach
    void makeGroups() {
        test.ask("POST", "/thing-groups/outer", "{}").ok();
        test.ask("POST", "/thing-groups/inner", "{'parentGroupName':'outer'}").ok();
        test.ask("POST", "/thing-groups/other", "{}").ok();
    }

    @AfterEach
    void stop() throws Exception {
        test.close();
    }

    private void create(String selection) {
        test.ask(
                        "PUT",
                        "/jobs/a",
                        "{'targets':['" + TestJobs.ARN + "thinggroup/outer'],'document':'{}','targetSelection':'"
                                + selection + "'}")
                .ok();
    }

    private void change(String verb, String group, String thing) {
        test.ask("PUT", "/thing-groups/" + verb, "{'thingGroupName':'" + group + "','thingName':'" + thing + "'}")
                .ok();
    }

    private void join(String group, String thing) {
        change("addThingToThingGroup", group, thing);
    }

    private void leave(String group, String thing) {
        change("removeThingFromThingGroup", group, thing);
    }

    private void report(String thing, String status) {
        test.ask("POST", "/data/things/" + thing + "/jobs/a", "{'status':'" + status + "'}")
                .ok();
    }

    /** Number and status of each execution of the job on a thing, the latest first. */
    private List<String> executions(String thing) {
        List<String> found = new ArrayList<>();
        for (JsonNode each : test.ask("GET", "/jobs/a/things", "").ok().body().path("executionSummaries")) {
            JsonNode summary = each.path("jobExecutionSummary");
            if (each.path("thingArn").asText().endsWith("/" + thing)) {
                found.add(summary.path("executionNumber").asText() + " "
                        + summary.path("status").asText());
            }
        }
        return found;
    }

    @Test
    void thing_that_joins_a_group_below_gets_the_job_and_one_that_leaves_loses_it() {
        join("outer", "valve");
        create("CONTINUOUS");
        assertThat(executions("valve")).containsExactly("1 QUEUED");

        join("inner", "pump");
        assertThat(executions("pump")).containsExactly("1 QUEUED");
        leave("inner", "pump");
        assertThat(executions("pump")).containsExactly("1 REMOVED");
        join("inner", "pump");
        assertThat(executions("pump")).containsExactly("2 QUEUED", "1 REMOVED");
        report("pump", "SUCCEEDED");
        leave("inner", "pump");
        join("outer", "pump");

        assertThat(executions("pump")).containsExactly("3 QUEUED", "2 SUCCEEDED", "1 REMOVED");
        assertThat(test.job("a").path("status").asText()).isEqualTo("IN_PROGRESS");
    }

    @Test
    void thing_that_moves_within_the_targets_keeps_its_execution() {
        join("inner", "pump");
        create("CONTINUOUS");
        report("pump", "IN_PROGRESS");

        test.ask(
                        "PUT",
                        "/thing-groups/updateThingGroupsForThing",
                        "{'thingName':'pump','thingGroupsToAdd':['outer'],'thingGroupsToRemove':['inner']}")
                .ok();

        assertThat(executions("pump")).containsExactly("1 IN_PROGRESS");
    }

    @Test
    void snapshot_job_stays_with_the_things_of_its_beginning() {
        join("outer", "valve");
        create("SNAPSHOT");

        join("outer", "pump");
        leave("outer", "valve");

        assertThat(executions("pump")).isEmpty();
        assertThat(executions("valve")).containsExactly("1 QUEUED");
    }

    @Test
    void deleted_group_takes_the_job_from_its_things() {
        join("inner", "pump");
        create("CONTINUOUS");

        test.ask("DELETE", "/thing-groups/inner", "").ok();

        assertThat(executions("pump")).containsExactly("1 REMOVED");
    }

    @Test
    void job_that_is_cancelled_comes_to_nobody_any_more() {
        create("CONTINUOUS");
        test.ask("PUT", "/jobs/a/cancel", "").ok();

        join("outer", "pump");

        assertThat(executions("pump")).isEmpty();
    }

    @Test
    void job_that_is_deleted_leaves_nothing_of_its_members() throws Exception {
        join("outer", "valve");
        test.ask(
                        "PUT",
                        "/jobs/a",
                        "{'targets':['" + TestJobs.ARN + "thinggroup/outer'],'document':'{}',"
                                + "'targetSelection':'CONTINUOUS',"
                                + "'jobExecutionsRolloutConfig':{'maximumPerMinute':1}}")
                .ok();
        // It was queued on one, and another waits for its minute; what the third had is deleted.
        join("outer", "pump");
        test.ask("DELETE", "/things/pump/jobs/a/executionNumber/1?force=true", "")
                .ok();
        var unused = new ThingRegistry(test.registry).create("lamp", "", Map.of());
        join("outer", "lamp");

        test.ask("DELETE", "/jobs/a?force=true", "").ok();

        assertThat(rows("job_members")).isZero();
        assertThat(rows("job_members_of")).isZero();
        assertThat(rows("job_continuous_targets")).isZero();
        assertThat(rows("job_waiting_things")).isZero();
    }

    private int rows(String table) {
        return tables.read(rows -> rows.page(new Table(table), "", "", 100)).size();
    }

    @Test
    void further_groups_are_associated_with_a_continuous_job() {
        join("outer", "valve");
        join("other", "pump");
        join("other", "valve");
        create("CONTINUOUS");
        String other = "{'targets':['" + TestJobs.ARN + "thinggroup/other'],'comment':'more'}";

        Answer answer = test.ask("POST", "/jobs/a/targets", other).ok();

        assertThat(answer.body().path("jobId").asText()).isEqualTo("a");
        assertThat(executions("pump")).containsExactly("1 QUEUED");
        assertThat(executions("valve")).containsExactly("1 QUEUED");
        assertThat(test.job("a").path("targets")).hasSize(2);
        assertThat(test.job("a").path("comment").asText()).isEqualTo("more");
        leave("other", "pump");
        assertThat(executions("pump")).containsExactly("1 REMOVED");
    }

    @Test
    void targets_of_other_jobs_and_other_targets_are_refused() {
        create("SNAPSHOT");
        String group = "{'targets':['" + TestJobs.ARN + "thinggroup/other']}";
        assertThat(test.ask("POST", "/jobs/a/targets", group).error()).isEqualTo("InvalidRequestException");
        assertThat(test.ask("POST", "/jobs/none/targets", group).error()).isEqualTo("ResourceNotFoundException");
        test.ask("DELETE", "/jobs/a?force=true", "").ok();
        create("CONTINUOUS");

        assertThat(test.ask("POST", "/jobs/a/targets", "{'targets':['" + TestJobs.ARN + "thing/pump']}")
                        .error())
                .isEqualTo("InvalidRequestException");
        assertThat(test.ask("POST", "/jobs/a/targets", "{'targets':['" + TestJobs.ARN + "thinggroup/none']}")
                        .error())
                .isEqualTo("ResourceNotFoundException");
    }

    @Test
    void restart_removes_what_a_deleted_thing_left() throws Exception {
        test.create("b", "", "pump", "valve");
        // The process ended after the thing was deleted, before its executions were removed.
        tables.<Boolean, RuntimeException>write(rows -> {
            rows.delete(new Table("things"), "pump");
            return true;
        });
        test.close();

        // The things are registered again when the test starts: this one is another thing by then.
        test = new TestJobs(tables);

        assertThat(test.job("b")
                        .path("jobProcessDetails")
                        .path("numberOfRemovedThings")
                        .asInt())
                .isOne();
    }

    @Test
    void thing_that_is_deleted_and_made_again_has_no_executions() {
        join("outer", "pump");
        create("CONTINUOUS");

        test.ask("DELETE", "/things/pump", "").ok();
        test.ask("POST", "/things/pump", "{}").ok();

        assertThat(executions("pump")).containsExactly("1 REMOVED");
        join("outer", "pump");
        assertThat(executions("pump")).containsExactly("2 QUEUED", "1 REMOVED");
    }
}
