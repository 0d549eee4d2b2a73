package dev.roundtrip.auth.policy;

import static dev.roundtrip.auth.policy.Policies.bound;
import static dev.roundtrip.auth.policy.Policies.iot;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The device policy of the contract: only the device may answer for itself. */
class DevicePolicyTest {
    private static final String[] STATEMENTS = {
        "{'Effect':'Allow','Action':'iot:Connect',"
                + "'Resource':'arn:aws:iot:*:*:client/${iot:Connection.Thing.ThingName}'}",
        "{'Effect':'Allow','Action':'iot:Subscribe',"
                + "'Resource':['arn:aws:iot:*:*:topicfilter/${iot:Connection.Thing.ThingName}/*',"
                + "'arn:aws:iot:*:*:topicfilter/$aws/things/${iot:Connection.Thing.ThingName}/shadow/*',"
                + "'arn:aws:iot:*:*:topicfilter/$aws/things/${iot:Connection.Thing.ThingName}/jobs/*',"
                + "'arn:aws:iot:*:*:topicfilter/$aws/commands/things/${iot:Connection.Thing.ThingName}/executions/*']}",
        "{'Effect':'Allow','Action':['iot:Publish','iot:Receive'],"
                + "'Resource':['arn:aws:iot:*:*:topic/$aws/things/${iot:Connection.Thing.ThingName}/shadow/*',"
                + "'arn:aws:iot:*:*:topic/$aws/things/${iot:Connection.Thing.ThingName}/jobs/*',"
                + "'arn:aws:iot:*:*:topic/$aws/commands/things/${iot:Connection.Thing.ThingName}/executions/*']}",
        "{'Effect':'Allow','Action':'iot:Receive',"
                + "'Resource':'arn:aws:iot:*:*:topic/${iot:Connection.Thing.ThingName}/*/gw/*'}",
        "{'Effect':'Deny','Action':'iot:Receive','Resource':'arn:aws:iot:*:*:topic/*/ack'}",
        "{'Effect':'Allow','Action':'iot:Publish',"
                + "'Resource':'arn:aws:iot:*:*:topic/gw/*/${iot:Connection.Thing.ThingName}/*/ack'}",
    };

    @ParameterizedTest
    @CsvSource({
        "Connect, client/dev1, true",
        "Connect, client/dev2, false",
        "Connect, client/dev11, false",
        "Connect, client/gw.1, false",
        "Subscribe, topicfilter/dev1/#, true",
        "Subscribe, topicfilter/dev1/+/gw/+, true",
        "Subscribe, topicfilter/dev1/reboot/gw/+, true",
        "Subscribe, topicfilter/dev2/#, false",
        "Subscribe, topicfilter/+/#, false",
        "Subscribe, topicfilter/#, false",
        "Subscribe, topicfilter/gw/#, false",
        "Subscribe, topicfilter/$share/g/dev1/#, false",
        "Receive, topic/dev1/echo/gw/8c0f, true",
        "Receive, topic/dev1/echo/gw2/8c0f, false",
        "Receive, topic/dev1/8c0f/gw/echo/ack, false",
        "Receive, topic/dev2/echo/gw/8c0f, false",
        "Receive, topic/gw/8c0f/dev1/echo/ack, false",
        "Publish, topic/gw/8c0f/dev1/echo/ack, true",
        "Publish, topic/gw/8c0f/dev2/echo/ack, false",
        "Publish, topic/gw/8c0f/dev2/dev1/ack, false",
        "Publish, topic/gw/dev1/dev2/echo/ack, false",
        "Publish, topic/gw2/8c0f/dev1/echo/ack, false",
        "Publish, topic/gw/8c0f/dev1/echo, false",
        "Publish, topic/dev2/echo/gw/8c0f, false",
        "Publish, topic/dev1/echo/gw/8c0f, false",
        "Subscribe, topicfilter/$aws/things/dev1/shadow/update/delta, true",
        "Subscribe, topicfilter/$aws/things/dev1/shadow/name/config/+/accepted, true",
        "Subscribe, topicfilter/$aws/things/dev1/jobs/+/update/accepted, true",
        "Subscribe, topicfilter/$aws/commands/things/dev1/executions/+/request/json, true",
        "Subscribe, topicfilter/$aws/things/dev2/jobs/notify, false",
        "Subscribe, topicfilter/$aws/things/+/jobs/notify, false",
        "Subscribe, topicfilter/$aws/things/dev1/#, false",
        "Subscribe, topicfilter/$aws/commands/things/dev2/executions/+/request/json, false",
        "Subscribe, topicfilter/$aws/commands/clients/dev1/executions/+/request/json, false",
        "Subscribe, topicfilter/$aws/events/#, false",
        "Publish, topic/$aws/things/dev1/shadow/update, true",
        "Publish, topic/$aws/things/dev1/jobs/start-next, true",
        "Publish, topic/$aws/commands/things/dev1/executions/e1/response/json, true",
        "Publish, topic/$aws/things/dev2/shadow/update, false",
        "Publish, topic/$aws/things/dev11/shadow/update, false",
        "Publish, topic/$aws/things/dev2/jobs/a/update, false",
        "Publish, topic/$aws/commands/things/dev2/executions/e1/response/json, false",
        "Publish, topic/$aws/certificates/create-from-csr/json, false",
        "Publish, topic/$aws/things/dev1/streams/s/get/json, false",
        "Receive, topic/$aws/things/dev1/jobs/notify, true",
        "Receive, topic/$aws/things/dev2/jobs/notify, false",
        "Receive, topic/$aws/events/jobExecution/a/succeeded, false",
        "RetainPublish, topic/$aws/things/dev1/shadow/update, false",
        "RetainPublish, topic/gw/8c0f/dev1/echo/ack, false",
    })
    void a_device_does_only_what_is_its_own(String action, String resource, boolean allowed) {
        PolicyContext context = PolicyContext.empty().with("iot:Connection.Thing.ThingName", "dev1");

        BoundPolicies policies = bound(context, STATEMENTS);

        assertThat(policies.allows("iot:" + action, iot(resource))).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"Connect, client/dev1", "Connect, client/", "Publish, topic/gw/8c0f/dev1/echo/ack"})
    void without_a_thing_nothing_is_allowed(String action, String resource) {
        assertThat(bound(STATEMENTS).allows("iot:" + action, iot(resource))).isFalse();
    }
}
