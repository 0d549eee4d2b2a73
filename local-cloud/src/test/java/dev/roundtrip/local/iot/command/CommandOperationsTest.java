package dev.roundtrip.local.iot.command;

import static dev.roundtrip.local.iot.command.TestCommands.COMMAND;
import static dev.roundtrip.local.iot.command.TestCommands.THING;
import static dev.roundtrip.local.iot.command.TestCommands.base64;
import static dev.roundtrip.local.iot.command.TestCommands.json;
import static dev.roundtrip.local.iot.command.TestCommands.topic;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.http.operation.RequestAuthentication.Access;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.TableStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The control plane of commands. */
class CommandOperationsTest {
    private static final double NOON = TestCommands.NOON.getEpochSecond();

    private final TableStore tables = new InMemoryTables();
    private TestCommands test = new TestCommands(tables);

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private static void expect(Answer answer, int status, String error) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.error()).as(answer.toString()).isEqualTo(error);
    }

    private Answer list(String path, String body) {
        return test.control(body.isEmpty() ? "GET" : "POST", path, body);
    }

    private static String all(JsonNode list, String name) {
        return String.join(
                " ",
                StreamSupport.stream(list.spliterator(), false)
                        .map(each -> each.path(name).asText())
                        .toList());
    }

    @Test
    void command_is_described_as_it_was_made() throws IOException {
        Answer made = test.control(
                "PUT",
                "/commands/open",
                ("{'namespace':'AWS-IoT','displayName':'Open','description':'opens','payload':{'content':'YQ=='},"
                        + "'tags':[{'Key':'a','Value':'b'}]}"));

        assertThat(made.body()).isEqualTo(json("{'commandId':'open','commandArn':'" + COMMAND + "'}"));
        assertThat(test.control("GET", "/commands/open", "").body())
                .isEqualTo(json(("{'commandId':'open','commandArn':'" + COMMAND + "','namespace':'AWS-IoT',"
                        + "'displayName':'Open','description':'opens','createdAt':" + NOON + ",'lastUpdatedAt':" + NOON
                        + ",'deprecated':false,'pendingDeletion':false,"
                        + "'payload':{'content':'YQ==','contentType':'application/octet-stream'}}")));
        expect(test.control("PUT", "/commands/open", "{'payload':{'content':'YQ=='}}"), 409, "ConflictException");
        expect(test.control("GET", "/commands/none", ""), 404, "ResourceNotFoundException");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'payload':{}}",
                "{'payload':{'content':''}}",
                "{'payload':{'content':'%'}}",
                "{'payload':{'content':'YQ==','contentType':'json'}}",
                "{'payload':{'content':'YQ==','contentType':''}}",
                "{'payload':{'content':'YQ=='},'payloadTemplate':'{}'}",
                "{'payload':{'content':'YQ=='},'preprocessor':{'awsJsonSubstitution':{'outputFormat':'JSON'}}}",
                "{'payload':{'content':'YQ=='},'namespace':'AWS-IoT-FleetWise'}",
                "{'payload':{'content':'YQ=='},'roleArn':'arn:aws:iam::000000000000:role/r'}",
                "{'payload':{'content':'YQ=='},'tags':{}}",
                "{'payload':{'content':'YQ=='},'mandatoryParameters':[]}",
                "{'payload':{'content':'YQ=='},'mandatoryParameters':[{'name':'a b'}]}",
                "{'payload':{'content':'YQ=='},'mandatoryParameters':[{'name':'a'},{'name':'a'}]}",
                "{'payload':{'content':'YQ=='},'mandatoryParameters':[{'name':'a','type':'FLOAT'}]}",
                "{'payload':{'content':'YQ=='},'mandatoryParameters':[{'name':'a','type':'STRING','defaultValue':{'I':1}}]}",
                "{'payloadTemplate':'{}'}",
                "{'payloadTemplate':'{}','preprocessor':{'awsJsonSubstitution':{'outputFormat':'XML'}}}",
                "{'payloadTemplate':'{','preprocessor':{'awsJsonSubstitution':{'outputFormat':'JSON'}}}",
                "[]",
                "{"
            })
    void wrong_command_is_a_validation_error(String body) {
        expect(test.control("PUT", "/commands/open", body), 400, "ValidationException");
    }

    @Test
    void payload_has_at_most_32_kilobytes() {
        String most = base64("x".repeat(32 * 1024));
        String more = base64("x".repeat(32 * 1024 + 1));

        expect(test.control("PUT", "/commands/a", "{'payload':{'content':'" + most + "'}}"), 200, "");
        expect(
                test.control("PUT", "/commands/b", "{'payload':{'content':'" + more + "'}}"),
                400,
                "ValidationException");
    }

    @Test
    void list_has_the_newest_first_in_pages() {
        for (String id : new String[] {"a", "b", "c"}) {
            test.command(id);
            test.clock.advance(Duration.ofSeconds(1));
        }

        Answer first = list("/commands?maxResults=2", "");
        assertThat(all(first.body().path("commands"), "commandId")).isEqualTo("c b");
        Answer second = list("/commands?maxResults=2&nextToken=" + first.text("nextToken"), "");
        assertThat(all(second.body().path("commands"), "commandId")).isEqualTo("a");
        assertThat(second.body().has("nextToken")).isFalse();
        assertThat(all(list("/commands?sortOrder=ASCENDING", "").body().path("commands"), "commandId"))
                .isEqualTo("a b c");
        assertThat(list("/commands?namespace=AWS-IoT-FleetWise", "").body().path("commands"))
                .isEmpty();
        expect(list("/commands?nextToken=%25", ""), 400, "ValidationException");
    }

    @Test
    void update_deprecates_and_no_execution_starts_then() throws IOException {
        test.command("open");
        test.clock.advance(Duration.ofSeconds(1));

        Answer updated = test.control("PATCH", "/commands/open", "{'deprecated':true,'displayName':'Old'}");

        assertThat(updated.body())
                .isEqualTo(json("{'commandId':'open','deprecated':true,'displayName':'Old','lastUpdatedAt':"
                        + (NOON + 1) + "}"));
        expect(test.start(THING, ""), 400, "ValidationException");
        test.control("PATCH", "/commands/open", "{'deprecated':false}");
        expect(test.start(THING, ""), 200, "");
        expect(test.control("PATCH", "/commands/none", "{}"), 404, "ResourceNotFoundException");
    }

    @Test
    void deletion_takes_twelve_hours() throws IOException {
        test.command("open");

        assertThat(test.control("DELETE", "/commands/open", "").status()).isEqualTo(202);
        assertThat(test.control("GET", "/commands/open", "")
                        .body()
                        .path("pendingDeletion")
                        .asBoolean())
                .isTrue();
        assertThat(list("/commands", "").body().path("commands")).isEmpty();
        expect(test.start(THING, ""), 400, "ValidationException");
        expect(test.control("PATCH", "/commands/open", "{}"), 409, "ConflictException");
        expect(test.control("PUT", "/commands/open", "{'payload':{'content':'YQ=='}}"), 409, "ConflictException");
        test.close();
        test = new TestCommands(tables);
        test.clock.advance(Duration.ofHours(12).minusSeconds(1));
        expect(test.control("GET", "/commands/open", ""), 200, "");
        test.clock.advance(Duration.ofSeconds(1));
        expect(test.control("GET", "/commands/open", ""), 404, "ResourceNotFoundException");
        test.command("open");
    }

    @Test
    void command_that_is_deprecated_for_twelve_hours_is_deleted_at_once() {
        test.command("open");
        test.control("PATCH", "/commands/open", "{'deprecated':true}");
        test.clock.advance(Duration.ofHours(12).minusMillis(1));
        assertThat(test.control("DELETE", "/commands/open", "").status()).isEqualTo(202);
        test.clock.advance(Duration.ofMillis(1));

        assertThat(test.control("DELETE", "/commands/open", "").status()).isEqualTo(204);
        expect(test.control("GET", "/commands/open", ""), 404, "ResourceNotFoundException");
        assertThat(test.control("DELETE", "/commands/open", "").status()).isEqualTo(204);
    }

    @Test
    void execution_is_found_with_its_own_target_alone() {
        test.command("open");
        String id = test.started(THING);

        expect(test.execution(id, THING), 200, "");
        expect(test.execution(id, THING.replace("pump", "valve")), 404, "ResourceNotFoundException");
        expect(test.execution(id, TestCommands.CLIENT), 404, "ResourceNotFoundException");
        expect(test.execution(id, "arn:aws:iot:eu-west-1:000000000000:thing/pump"), 400, "ValidationException");
        expect(test.control("GET", "/command-executions/" + id, ""), 400, "ValidationException");
    }

    @Test
    void execution_is_described_with_its_times_and_its_result_only_when_asked() throws IOException {
        test.command("open");
        String id = test.start(THING, ",'executionTimeoutSeconds':60").text("executionId");
        test.clock.advance(Duration.ofSeconds(2));
        test.update(test.broker.mqtt5().connect("pump"), topic(id), "{'status':'SUCCEEDED','result':{'a':{'s':'x'}}}");

        Answer without = test.control("GET", "/command-executions/" + id + "?targetArn=" + THING, "");

        assertThat(without.body())
                .isEqualTo(json(("{'executionId':'" + id + "','commandArn':'" + COMMAND + "','targetArn':'" + THING
                        + "','status':'SUCCEEDED','createdAt':" + NOON + ",'lastUpdatedAt':" + (NOON + 2)
                        + ",'completedAt':" + (NOON + 2) + ",'executionTimeoutSeconds':60,'timeToLive':"
                        + (NOON + 180 * 86_400) + "}")));
        assertThat(test.execution(id, THING).body().path("result")).isEqualTo(json("{'a':{'S':'x'}}"));
    }

    @Test
    void only_an_execution_that_ended_is_deleted() throws IOException {
        test.command("open");
        String id = test.start(THING, ",'clientToken':'t'").text("executionId");
        String path = "/command-executions/" + id + "?targetArn=" + THING;

        expect(test.control("DELETE", path, ""), 409, "ConflictException");
        test.clock.advance(Duration.ofSeconds(10));
        expect(test.control("DELETE", path, ""), 409, "ConflictException");
        test.update(test.broker.mqtt5().connect("pump"), topic(id), "{'status':'FAILED'}");
        expect(test.control("DELETE", path, ""), 200, "");
        expect(test.execution(id, THING), 404, "ResourceNotFoundException");
        assertThat(test.start(THING, ",'clientToken':'t'").text("executionId")).isNotEqualTo(id);
    }

    @Test
    void execution_is_forgotten_after_180_days() {
        test.command("open");
        String id = test.started(THING);

        test.clock.advance(Duration.ofDays(180).minusSeconds(1));
        expect(test.execution(id, THING), 200, "");
        test.clock.advance(Duration.ofSeconds(1));

        expect(test.execution(id, THING), 404, "ResourceNotFoundException");
        assertThat(list("/command-executions", "{'startedTimeFilter':{},'targetArn':'" + THING + "'}")
                        .body()
                        .path("commandExecutions"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                                                                    | 400
                    {'targetArn':'THING'}                                                                 | 400
                    {'startedTimeFilter':{}}                                                              | 400
                    {'startedTimeFilter':{},'completedTimeFilter':{},'targetArn':'THING'}                 | 400
                    {'startedTimeFilter':{},'targetArn':'THING','commandArn':'COMMAND'}                   | 400
                    {'startedTimeFilter':{},'targetArn':'pump'}                                           | 400
                    {'startedTimeFilter':{},'commandArn':'open'}                                          | 400
                    {'startedTimeFilter':{'after':'yesterday'},'targetArn':'THING'}                       | 400
                    {'startedTimeFilter':{'after':'2026-11-28T11:00:00Z'},'targetArn':'THING'}            | 400
                    {'startedTimeFilter':{},'targetArn':'THING','status':'DONE'}                          | 400
                    {'startedTimeFilter':{},'targetArn':'THING'}                                          | 200
                    {'completedTimeFilter':{'before':'2026-11-28T13:00'},'commandArn':'COMMAND'}          | 200
                    """)
    void list_of_executions_takes_exactly_one_filter_of_each_pair(String body, int status) {
        Answer answer = list("/command-executions", body.replace("THING", THING).replace("COMMAND", COMMAND));

        expect(answer, status, status == 400 ? "ValidationException" : "");
    }

    @Test
    void list_of_executions_filters_and_orders() throws IOException {
        test.command("open");
        String first = test.started(THING);
        test.clock.advance(Duration.ofMinutes(1));
        String second = test.started(THING);
        String other = test.started(TestCommands.CLIENT);
        test.update(test.broker.mqtt5().connect("pump"), topic(second), "{'status':'SUCCEEDED'}");

        for (Map.Entry<String, String> expected : Map.of(
                        "'startedTimeFilter':{},'targetArn':'" + THING + "'", second + " " + first,
                        "'startedTimeFilter':{},'targetArn':'" + THING + "','sortOrder':'ASCENDING'",
                                first + " " + second,
                        "'startedTimeFilter':{'before':'2026-11-28T12:01'},'targetArn':'" + THING + "'", first,
                        "'startedTimeFilter':{'after':'2026-11-28T12:00'},'targetArn':'" + THING + "'", second,
                        "'startedTimeFilter':{},'targetArn':'" + THING + "','status':'TIMED_OUT'", first,
                        "'completedTimeFilter':{},'commandArn':'" + COMMAND + "'", second,
                        "'startedTimeFilter':{},'targetArn':'" + TestCommands.CLIENT + "'", other)
                .entrySet()) {
            Answer found = list("/command-executions", "{" + expected.getKey() + "}");
            assertThat(all(found.body().path("commandExecutions"), "executionId"))
                    .as(expected.getKey() + found)
                    .isEqualTo(expected.getValue());
        }
        Answer page = list("/command-executions?maxResults=1", "{'startedTimeFilter':{},'targetArn':'" + THING + "'}");
        Answer next = list(
                "/command-executions?maxResults=1&nextToken=" + page.text("nextToken"),
                "{'startedTimeFilter':{},'targetArn':'" + THING + "'}");
        assertThat(all(next.body().path("commandExecutions"), "executionId")).isEqualTo(first);
        assertThat(next.body().has("nextToken")).isFalse();
    }

    @Test
    void each_operation_asks_for_its_own_action_on_command_or_target() {
        test.command("open");
        test.asked.clear();
        String id = test.started(THING);
        var unused = test.execution(id, THING);

        assertThat(test.asked.stream().map(Access::action).distinct())
                .containsExactly("iot:StartCommandExecution", "iot:GetCommandExecution");
        assertThat(test.asked.stream().map(Access::resource)).containsExactly(COMMAND, THING, THING);
        test.denied = THING;
        expect(test.start(THING, ""), 403, "ForbiddenException");
        expect(test.start(TestCommands.CLIENT, ""), 200, "");
        test.denied = "command/open";
        expect(test.control("GET", "/commands/open", ""), 403, "ForbiddenException");
    }
}
