package dev.roundtrip.local.iot.command;

import static dev.roundtrip.local.iot.command.TestCommands.COMMAND;
import static dev.roundtrip.local.iot.command.TestCommands.THING;
import static dev.roundtrip.local.iot.command.TestCommands.json;
import static dev.roundtrip.local.iot.command.TestCommands.topic;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.mqtt.RawClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** StartCommandExecution: targets, tokens, parameters, templates and limits. */
class StartOperationTest {
    private static final String PARAMETER = "${aws:iot:commandexecution::parameter:";

    private final TestCommands test = new TestCommands(new InMemoryTables());

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private static void expect(Answer answer, int status, String error) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.error()).as(answer.toString()).isEqualTo(error);
    }

    /** Makes the command {@code open} with a template; ' stands for ". */
    private Answer template(String template, String format, String parameters) throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("payloadTemplate", TestCommands.quoted(template));
        body.set("preprocessor", json("{'awsJsonSubstitution':{'outputFormat':'" + format + "'}}"));
        body.set("mandatoryParameters", json(parameters));
        return test.control("PUT", "/commands/open", body.toString());
    }

    private String sent(String more) throws IOException {
        RawClient device =
                test.broker.mqtt5().connect("pump").subscribe("$aws/commands/things/pump/executions/+/request/json");
        expect(test.start(THING, more), 200, "");
        return device.nextPublish().payload();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    thing/pump     | command/open | 200 |
                    client/a.b-c_1 | command/open | 200 |
                    thing/nobody   | command/open | 404 | ResourceNotFoundException
                    thing/pump     | command/none | 404 | ResourceNotFoundException
                    thing/p mp     | command/open | 400 | ValidationException
                    client/a/b     | command/open | 400 | ValidationException
                    client/+       | command/open | 400 | ValidationException
                    thinggroup/g   | command/open | 400 | ValidationException
                    thing/pump     | job/open     | 400 | ValidationException
                    """)
    void targets_are_things_and_clients(String target, String command, int status, String error) {
        test.command("open");
        String root = "arn:aws:iot:us-east-1:000000000000:";

        Answer answer = test.data(
                "POST",
                "/command-executions",
                "{'targetArn':'" + root + target + "','commandArn':'" + root + command + "'}");

        expect(answer, status, error == null ? "" : error);
    }

    @Test
    void same_token_and_request_is_the_same_execution_and_sent_once() throws IOException {
        test.command("open");
        RawClient device =
                test.broker.mqtt5().connect("pump").subscribe("$aws/commands/things/pump/executions/+/request/json");

        String first = test.start(THING, ",'clientToken':'t-1'").text("executionId");
        String again = test.start(THING, ",'clientToken':'t-1'").text("executionId");

        assertThat(again).isEqualTo(first);
        assertThat(device.nextPublish().topic()).contains(first);
        device.expectNothing();
        expect(test.start(THING, ",'clientToken':'t-1','executionTimeoutSeconds':11"), 409, "ConflictException");
        expect(test.start(TestCommands.CLIENT, ",'clientToken':'t-1'"), 409, "ConflictException");
        assertThat(test.start(THING, "").text("executionId")).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",'executionTimeoutSeconds':0",
                ",'executionTimeoutSeconds':43201",
                ",'executionTimeoutSeconds':1.5",
                ",'executionTimeoutSeconds':'10'",
                ",'clientToken':''",
                ",'clientToken':'a b'",
                ",'parameters':[]",
                ",'parameters':{'a b':{'S':'x'}}",
                ",'parameters':{'a':'x'}",
                ",'parameters':{'unknown':{'S':'x'}}"
            })
    void wrong_request_is_a_validation_error(String more) {
        test.command("open");

        expect(test.start(THING, more), 400, "ValidationException");
    }

    @Test
    void device_has_at_most_100_at_once() throws IOException {
        test.command("open");
        String first = test.started(THING);
        for (int i = 1; i < 100; i++) {
            var unused = test.started(THING);
        }

        expect(test.start(THING, ""), 402, "ServiceQuotaExceededException");
        expect(test.start(TestCommands.CLIENT, ""), 200, "");
        test.update(test.broker.mqtt5().connect("pump"), topic(first), "{'status':'REJECTED'}");
        expect(test.start(THING, ""), 200, "");
        expect(test.start(THING, ""), 402, "ServiceQuotaExceededException");
        test.clock.advance(Duration.ofSeconds(10));
        expect(test.start(THING, ""), 200, "");
    }

    @Test
    void template_is_filled_with_typed_values() throws IOException {
        Answer made = template(
                "{'text':'" + PARAMETER + "s}','in':'a" + PARAMETER + "i}b','i':'" + PARAMETER + "i}','b':'" + PARAMETER
                        + "b}','list':['" + PARAMETER + "d}',1.50,null],'ul':'" + PARAMETER + "ul}','bin':'" + PARAMETER
                        + "bin}','limit':'${aws:iot:commandexecution::executionTimeoutSec}','other':'${x}'}",
                "JSON",
                ("[{'name':'s','type':'STRING','defaultValue':{'S':'x'}},{'name':'i','type':'INTEGER'},"
                        + "{'name':'b','type':'BOOLEAN','defaultValue':{'B':true},'value':{'B':false}},"
                        + "{'name':'d','type':'DOUBLE','defaultValue':{'D':0.5}},"
                        + "{'name':'ul','type':'UNSIGNEDLONG','defaultValue':{'UL':'18446744073709551615'}},"
                        + "{'name':'bin','type':'BINARY','defaultValue':{'BIN':'AAE='}}]"));
        expect(made, 200, "");

        assertThat(json(sent(",'parameters':{'i':{'I':7}},'executionTimeoutSeconds':30")))
                .isEqualTo(json(("{'text':'x','in':'a7b','i':7,'b':false,'list':[0.5,1.5,null],"
                        + "'ul':18446744073709551615,'bin':'AAE=','limit':30,'other':'${x}'}")));
    }

    @Test
    void value_that_looks_like_a_placeholder_stays() throws IOException {
        template(
                "{'a':'" + PARAMETER + "a}-'}",
                "JSON",
                "[{'name':'a','type':'STRING'},{'name':'b','defaultValue':{'S':'secret'}}]");

        assertThat(json(sent(",'parameters':{'a':{'S':'" + PARAMETER + "b}$1'}}")))
                .isEqualTo(json("{'a':'" + PARAMETER + "b}$1-'}"));
    }

    @Test
    void template_is_sent_in_cbor_where_that_is_wanted() throws IOException {
        expect(template("{'i':'" + PARAMETER + "i}','d':1.5}", "CBOR", "[{'name':'i','type':'INTEGER'}]"), 200, "");
        RawClient device =
                test.broker.mqtt5().connect("pump").subscribe("$aws/commands/things/pump/executions/+/request/cbor");

        expect(test.start(THING, ",'parameters':{'i':{'I':7}}"), 200, "");

        // {"i": 7, "d": 1.5}, whose bytes are no text: their beginning is.
        RawClient.Publish request = device.nextPublish();
        assertThat(request.topic()).endsWith("/request/cbor");
        assertThat(request.payload()).contains("ai\u0007ad".substring(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {'a':'${aws:iot:commandexecution::parameter:none}'}
                    {'a':'${aws:iot:commandexecution::parameter:A}'}
                    {'a':'${aws:iot:commandexecution::executiontimeoutsec}'}
                    {'a':'${aws:iot:other}'}
                    {'${aws:iot:commandexecution::parameter:a}':1}
                    {'a':${aws:iot:commandexecution::parameter:a}}
                    {'a':1,'a':2}
                    {'a':1}{}
                    """)
    void template_with_an_unknown_placeholder_or_no_json_is_refused(String template) throws IOException {
        expect(template(template, "JSON", "[{'name':'a'}]"), 400, "ValidationException");
    }

    @Test
    void conditions_are_checked_on_the_value_that_counts_before_there_is_an_execution() throws IOException {
        template(
                "{}",
                "JSON",
                ("[{'name':'t','type':'INTEGER','defaultValue':{'I':99},'valueConditions':["
                        + "{'comparisonOperator':'IN_RANGE','operand':{'numberRange':{'min':'10','max':'30'}}},"
                        + "{'comparisonOperator':'NOT_EQUALS','operand':{'number':'13'}}]}]"));

        expect(test.start(THING, ",'parameters':{'t':{'I':30}}"), 200, "");
        expect(test.start(THING, ",'parameters':{'t':{'I':31}}"), 400, "ValidationException");
        expect(test.start(THING, ",'parameters':{'t':{'I':13}}"), 400, "ValidationException");
        expect(test.start(THING, ",'parameters':{'t':{'L':20}}"), 400, "ValidationException");
        expect(test.start(THING, ""), 400, "ValidationException");
        assertThat(test.control(
                                "POST",
                                "/command-executions",
                                "{'startedTimeFilter':{},'commandArn':'" + COMMAND + "'}")
                        .body()
                        .path("commandExecutions"))
                .hasSize(1);
    }

    @Test
    void parameter_without_a_value_is_missed() throws IOException {
        template("{}", "JSON", "[{'name':'a','type':'STRING'}]");

        expect(test.start(THING, ""), 400, "ValidationException");
    }

    @Test
    void parameters_are_told_as_they_were_given() throws IOException {
        template("{}", "JSON", "[{'name':'a','type':'STRING'},{'name':'b','defaultValue':{'B':true}}]");

        String id = test.start(THING, ",'parameters':{'a':{'S':'x'}}").text("executionId");

        assertThat(test.execution(id, THING).body().path("parameters")).isEqualTo(json("{'a':{'S':'x'}}"));
    }
}
