package dev.roundtrip.local.iot.job;

import static dev.roundtrip.local.iot.job.TestJobs.expect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.mqtt.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of notifications: what happens to a thing's executions, and what subscribers are told of it. */
class JobNotificationsTest {
    private static final String P = "$aws/things/pump/jobs/";

    private final TestJobs test = new TestJobs(new InMemoryTables());

    @SuppressWarnings("NullAway.Init") // set before each test
    private RawClient app;

    @BeforeEach
    void subscribe() throws IOException {
        app = test.broker.mqtt5().connect("app");
    }

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    /** Does steps such as {@code create a; start; a=SUCCEEDED; cancel a; delete a}. */
    private void doAll(String steps) {
        for (String step : steps.split(";", -1)) {
            String[] words = step.strip().split("[ =]", -1);
            String execution = "/things/pump/jobs/" + words[words.length - 1];
            switch (words[0]) {
                case "create" -> test.create(words[1]);
                case "start" ->
                    test.ask("PUT", "/data/things/pump/jobs/%24next", "{}").ok();
                case "cancel" ->
                    test.ask("PUT", execution + "/cancel?force=true", "").ok();
                case "delete" ->
                    test.ask("DELETE", execution + "/executionNumber/1?force=true", "")
                            .ok();
                default ->
                    test.ask("POST", "/data/things/pump/jobs/" + words[0], "{'status':'" + words[1] + "'}")
                            .ok();
            }
        }
    }

    private static String queued(String... jobs) {
        StringBuilder list = new StringBuilder();
        for (String job : jobs) {
            list.append(list.isEmpty() ? "" : ",")
                    .append("{'jobId':'")
                    .append(job)
                    .append("','queuedAt':1000000,'lastUpdatedAt':1000000,'executionNumber':1,'versionNumber':1}");
        }
        return "'QUEUED':[" + list + "]";
    }

    private static String next(String job, String status) {
        boolean started = status.equals("IN_PROGRESS");
        return "{'timestamp':1000000,'execution':{'jobId':'" + job + "','status':'" + status
                + "','queuedAt':1000000,'lastUpdatedAt':1000000," + (started ? "'startedAt':1000000," : "")
                + "'versionNumber':" + (started ? 2 : 1) + ",'executionNumber':1,'jobDocument':{'do':'" + job + "'}}}";
    }

    @ParameterizedTest(name = "{1} after {0}: {2} then {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // before                  | event        | notify     | notify-next
                "''                        | create a     | a          | a QUEUED",
                "create a                  | create b     | a b        | -",
                "create a; start           | create b     | *a b       | -",
                "create a                  | start        | -          | -",
                "create a                  | a=IN_PROGRESS| -          | -",
                "create a; create b        | b=IN_PROGRESS| -          | b IN_PROGRESS",
                "create a; start           | a=IN_PROGRESS| -          | -",
                "create a; create b; start | a=SUCCEEDED  | b          | b QUEUED",
                "create a; create b        | a=REJECTED   | b          | b QUEUED",
                "create a; start           | a=FAILED     | nothing    | nothing",
                "create a                  | cancel a     | nothing    | nothing",
                "create a; start           | delete a     | nothing    | nothing",
                "create a; create b        | b=FAILED     | a          | -",
                "create a; create b        | cancel b     | a          | -",
                "create a; create b        | delete b     | a          | -"
            })
    void event_is_told_as_the_table_says(String before, String event, String list, String next) throws Exception {
        if (!before.equals("''")) {
            doAll(before);
        }
        app.subscribe(P + "notify").subscribe(P + "notify-next");

        doAll(event);

        if (!list.equals("-")) {
            boolean started = list.startsWith("*a");
            String inProgress = started
                    ? "'IN_PROGRESS':[{'jobId':'a','queuedAt':1000000,'lastUpdatedAt':1000000,'startedAt':1000000,"
                            + "'executionNumber':1,'versionNumber':2}],"
                    : "";
            String queued =
                    list.equals("nothing") ? "" : queued(list.replace("*a ", "").split(" "));
            expect(app, P + "notify", "{'timestamp':1000000,'jobs':{" + inProgress + queued + "}}");
        }
        if (!next.equals("-")) {
            String[] words = next.split(" ", -1);
            expect(app, P + "notify-next", next.equals("nothing") ? "{'timestamp':1000000}" : next(words[0], words[1]));
        }
        app.expectNothing();
    }

    @Test
    void list_shows_15_executions() throws Exception {
        for (int i = 0; i < 16; i++) {
            test.create("job-" + (char) ('a' + i));
        }
        app.subscribe(P + "notify");

        doAll("create last");

        assertThat(TestJobs.json(app.nextPublish().payload()).path("jobs").path("QUEUED"))
                .hasSize(15);
    }

    @Test
    void retry_is_told_as_the_next_execution() throws Exception {
        test.create(
                "a",
                ",'jobExecutionsRetryConfig':{'criteriaList':[{'failureType':'FAILED','numberOfRetries':1}]}",
                "pump");
        app.subscribe(P + "notify").subscribe(P + "notify-next");

        doAll("a=FAILED");

        expect(
                app,
                P + "notify",
                "{'timestamp':1000000,'jobs':{'QUEUED':[{'jobId':'a','queuedAt':1000000,'lastUpdatedAt':1000000,"
                        + "'executionNumber':2,'versionNumber':1}]}}");
        expect(
                app,
                P + "notify-next",
                "{'timestamp':1000000,'execution':{'jobId':'a','status':'QUEUED','queuedAt':1000000,"
                        + "'lastUpdatedAt':1000000,'versionNumber':1,'executionNumber':2,'jobDocument':{'do':'a'}}}");
    }
}
