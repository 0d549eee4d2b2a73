package dev.roundtrip.local.iot.job;

import static dev.roundtrip.local.iot.job.TestJobs.START;
import static dev.roundtrip.local.iot.job.TestJobs.expect;
import static dev.roundtrip.local.iot.job.TestJobs.publish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.mqtt.RawClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Executions over MQTT: what a thing asks, and what it is answered, subscribed or not. */
class JobTopicsTest {
    private static final String P = "$aws/things/pump/jobs/";
    private static final String SUMMARY =
            "'queuedAt':1000000,'lastUpdatedAt':1000000,'executionNumber':1,'versionNumber':1";

    private final TestJobs test = new TestJobs(new InMemoryTables());

    @SuppressWarnings("NullAway.Init") // set before each test
    private RawClient pump;

    @BeforeEach
    void connect() throws IOException {
        pump = test.broker.mqtt5().connect("pump");
    }

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private void ask(String topic, String payload) throws IOException {
        publish(pump, P + topic, payload);
    }

    @Test
    void pending_executions_are_listed_by_status() throws Exception {
        test.create("a");
        test.create("b");
        ask("b/update", "{'status':'IN_PROGRESS'}");
        expect(pump, P + "b/update/accepted", "{'timestamp':1000000}");

        ask("get", "{'clientToken':'t'}");

        expect(
                pump,
                P + "get/accepted",
                "{'inProgressJobs':[{'jobId':'b','queuedAt':1000000,'lastUpdatedAt':1000000,'startedAt':1000000,"
                        + "'executionNumber':1,'versionNumber':2}],'queuedJobs':[{'jobId':'a'," + SUMMARY
                        + "}],'timestamp':1000000,'clientToken':'t'}");
    }

    @Test
    void idle_thing_is_answered_empty_lists_and_no_execution() throws Exception {
        ask("get", "");
        expect(pump, P + "get/accepted", "{'inProgressJobs':[],'queuedJobs':[],'timestamp':1000000}");
        ask("start-next", "{}");
        expect(pump, P + "start-next/accepted", "{'timestamp':1000000}");
        ask("$next/get", "{'clientToken':'t'}");
        expect(pump, P + "$next/get/accepted", "{'timestamp':1000000,'clientToken':'t'}");
    }

    @Test
    void start_next_starts_the_first_one_and_hands_it_out_again_unchanged() throws Exception {
        test.create("a");
        String started = "{'execution':{'jobId':'a','thingName':'pump','status':'IN_PROGRESS',"
                + "'statusDetails':{'step':'1'},'queuedAt':1000000,'startedAt':1000000,'lastUpdatedAt':1000000,"
                + "'versionNumber':2,'executionNumber':1,'jobDocument':{'do':'a'}},'timestamp':1000000}";

        ask("start-next", "{'statusDetails':{'step':'1'}}");
        expect(pump, P + "start-next/accepted", started);
        ask("start-next", "{'statusDetails':{'step':'2'},'stepTimeoutInMinutes':1}");
        expect(pump, P + "start-next/accepted", started);
    }

    @Test
    void next_is_described_and_not_started() throws Exception {
        test.create("a");
        for (String document : new String[] {"", ",'jobDocument':{'do':'a'}"}) {
            ask("$next/get", "{'includeJobDocument':" + !document.isEmpty() + "}");
            expect(
                    pump,
                    P + "$next/get/accepted",
                    "{'execution':{'jobId':'a','thingName':'pump','status':'QUEUED'," + SUMMARY + document
                            + "},'timestamp':1000000}");
        }
    }

    @Test
    void one_execution_is_described_by_job_and_number() throws Exception {
        test.create("a");
        ask("a/get", "{'executionNumber':1,'includeJobDocument':false}");
        expect(
                pump,
                P + "a/get/accepted",
                "{'execution':{'jobId':'a','thingName':'pump','status':'QUEUED'," + SUMMARY + "},'timestamp':1000000}");
        ask("a/get", "{'executionNumber':2}");
        expect(
                pump,
                P + "a/get/rejected",
                "{'timestamp':1000000,'code':'ResourceNotFound','message':'Job a not found for thing pump'}");
    }

    @Test
    void update_is_answered_what_it_asks_for() throws Exception {
        test.create("a");

        ask("a/update", "{'status':'IN_PROGRESS','statusDetails':{'k':'v'},'clientToken':'1','jobId':'a'}");
        expect(pump, P + "a/update/accepted", "{'timestamp':1000000,'clientToken':'1'}");
        ask("a/update", "{'status':'IN_PROGRESS','includeJobExecutionState':true,'includeJobDocument':true}");
        expect(
                pump,
                P + "a/update/accepted",
                "{'executionState':{'status':'IN_PROGRESS','statusDetails':{'k':'v'},'versionNumber':3},"
                        + "'jobDocument':{'do':'a'},'timestamp':1000000}");
        ask("a/update", "{'status':'SUCCEEDED','statusDetails':{'new':'1'},'includeJobExecutionState':true}");
        expect(
                pump,
                P + "a/update/accepted",
                "{'executionState':{'status':'SUCCEEDED','statusDetails':{'new':'1'},'versionNumber':4},"
                        + "'timestamp':1000000}");
    }

    @Test
    void update_that_expects_another_version_is_rejected_with_the_state() throws Exception {
        test.create("a");

        ask("a/update", "{'status':'IN_PROGRESS','expectedVersion':99,'clientToken':'t'}");

        expect(
                pump,
                P + "a/update/rejected",
                "{'timestamp':1000000,'code':'VersionMismatch','message':'Expected version 99 but found version 1',"
                        + "'executionState':{'status':'QUEUED','versionNumber':1},'clientToken':'t'}");
    }

    @Test
    void execution_that_is_over_is_neither_updated_nor_described() throws Exception {
        test.create("a");
        ask("a/update", "{'status':'FAILED'}");
        expect(pump, P + "a/update/accepted", "{'timestamp':1000000}");

        ask("a/update", "{'status':'IN_PROGRESS'}");
        expect(
                pump,
                P + "a/update/rejected",
                "{'timestamp':1000000,'code':'InvalidStateTransition','message':'The job execution cannot change from"
                        + " FAILED to IN_PROGRESS','executionState':{'status':'FAILED','versionNumber':2}}");
        ask("a/get", "");
        expect(
                pump,
                P + "a/get/rejected",
                "{'timestamp':1000000,'code':'TerminalStateReached',"
                        + "'message':'The job execution is in the terminal state FAILED'}");
    }

    @ParameterizedTest(name = "{1} of {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "get            | InvalidJson    | [1]",
                "get            | InvalidJson    | {",
                "get            | InvalidJson    | {'a':1,'a':2}",
                "get            | InvalidRequest | {'clientToken':1}",
                "start-next     | InvalidRequest | {'stepTimeoutInMinutes':0}",
                "start-next     | InvalidRequest | {'stepTimeoutInMinutes':10081}",
                "start-next     | InvalidRequest | {'statusDetails':{'a b':'c'}}",
                "start-next     | InvalidRequest | {'statusDetails':{'a':1}}",
                "start-next     | InvalidRequest | {'statusDetails':{'a':'two\\nlines'}}",
                "a/update       | InvalidRequest | {}",
                "a/update       | InvalidRequest | {'status':'QUEUED'}",
                "a/update       | InvalidRequest | {'status':'TIMED_OUT'}",
                "a/update       | InvalidRequest | {'status':'FAILED','expectedVersion':'1'}",
                "a/update       | InvalidRequest | {'status':'FAILED','includeJobDocument':1}",
                "unknown/update | ResourceNotFound | {'status':'FAILED'}",
                "unknown/get    | ResourceNotFound | {}",
                "a b/get        | InvalidRequest | {}"
            })
    void wrong_request_is_rejected_with_a_code(String topic, String code, String payload) throws Exception {
        test.create("a");

        ask(topic, payload);

        RawClient.Publish rejected = pump.nextPublish();
        assertThat(rejected.topic()).isEqualTo(P + topic + "/rejected");
        assertThat(TestJobs.json(rejected.payload()).path("code").asText())
                .as(rejected.payload())
                .isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "start-next", "update"})
    void job_is_told_from_a_verb_that_it_is_named_like(String id) throws Exception {
        test.create(id);

        ask(id + "/update", "{'status':'SUCCEEDED'}");
        expect(pump, P + id + "/update/accepted", "{'timestamp':1000000}");
        ask("get", "");
        expect(pump, P + "get/accepted", "{'inProgressJobs':[],'queuedJobs':[],'timestamp':1000000}");
    }

    @Test
    void thing_without_an_entry_in_the_registry_is_rejected() throws Exception {
        publish(pump, "$aws/things/ghost/jobs/get", "");

        expect(
                pump,
                "$aws/things/ghost/jobs/get/rejected",
                "{'timestamp':1000000,'code':'ResourceNotFound','message':'Thing ghost not found'}");
    }

    @Test
    void answer_goes_to_the_requester_alone_and_comes_before_notifications() throws Exception {
        test.create("a");
        RawClient other = test.broker.mqtt5().connect("other").subscribe(P + "#");
        RawClient own = pump.subscribe(P + "notify").subscribe(P + "notify-next");

        ask("a/update", "{'status':'SUCCEEDED'}");

        expect(own, P + "a/update/accepted", "{'timestamp':1000000}");
        expect(own, P + "notify", "{'timestamp':1000000,'jobs':{}}");
        expect(own, P + "notify-next", "{'timestamp':1000000}");
        expect(other, P + "notify", "{'timestamp':1000000,'jobs':{}}");
        expect(other, P + "notify-next", "{'timestamp':1000000}");
        other.expectNothing();
    }

    @Test
    void details_are_kept_until_others_replace_them() throws Exception {
        test.create("a");
        ask("start-next", "{'statusDetails':{'a':'1','b':'2'}}");
        pump.nextPublish();
        test.advance(Duration.ofSeconds(1));

        ask("a/update", "{'status':'IN_PROGRESS','includeJobExecutionState':true,'statusDetails':{'c':'3'}}");

        expect(
                pump,
                P + "a/update/accepted",
                "{'executionState':{'status':'IN_PROGRESS','statusDetails':{'c':'3'},'versionNumber':3},'timestamp':"
                        + (START + 1) + "}");
    }
}
