package dev.roundtrip.auth.policy;

import static dev.roundtrip.auth.policy.Policies.bound;
import static dev.roundtrip.auth.policy.Policies.iot;
import static dev.roundtrip.auth.policy.Policies.policy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundPoliciesTest {
    private static final String ALLOW_ALL = "{'Effect':'Allow','Action':'*','Resource':'*'}";

    @Test
    void without_a_policy_nothing_is_allowed() {
        assertThat(BoundPolicies.of(List.of(), PolicyContext.empty()).decide("iot:Connect", iot("client/a")))
                .isEqualTo(Decision.IMPLICITLY_DENIED);
    }

    @Test
    void a_denial_in_one_policy_wins_over_another_that_allows() {
        BoundPolicies policies = bound(
                ALLOW_ALL, "{'Effect':'Deny','Action':'iot:Publish','Resource':'arn:aws:iot:*:*:topic/secret/*'}");

        assertThat(policies.decide("iot:Publish", iot("topic/secret/a"))).isEqualTo(Decision.EXPLICITLY_DENIED);
        assertThat(policies.decide("iot:Publish", iot("topic/open/a"))).isEqualTo(Decision.ALLOWED);
        assertThat(policies.allows("iot:Publish", iot("topic/secret/a"))).isFalse();
    }

    @Test
    void refusal_names_the_statement_that_denies() {
        BoundPolicies policies = bound(
                ALLOW_ALL,
                "{'Sid':'NoSecrets','Effect':'Deny','Action':'iot:Publish',"
                        + "'Resource':'arn:aws:iot:*:*:topic/secret/*'}",
                "{'Effect':'Deny','Action':'iot:Receive','Resource':'*'}");

        assertThat(policies.refusal("iot:Publish", iot("topic/secret/a")))
                .isEqualTo("policy 2, statement 1 (NoSecrets) denies it");
        assertThat(policies.refusal("iot:Receive", iot("topic/open"))).isEqualTo("policy 3, statement 1 denies it");
    }

    @Test
    void refusal_says_that_no_statement_allows() {
        BoundPolicies policies = bound("{'Effect':'Allow','Action':'iot:Connect','Resource':'*'}");

        assertThat(policies.refusal("iot:Publish", iot("topic/a"))).isEqualTo("no statement allows it");
    }

    @ParameterizedTest
    @CsvSource({
        "iot:Publish, iot:Publish, true",
        "iot:publish, IOT:PUBLISH, true",
        "iot:Pub*, iot:Publish, true",
        "iot:*, iot:Connect, true",
        "*, execute-api:Invoke, true",
        "iot:?ublish, iot:Publish, true",
        "iot:Publish, iot:PublishMore, false",
        "iot:Pub, iot:Publish, false",
        "iot:*, iotdata:Publish, false",
    })
    void actions_match_in_any_case_and_with_wildcards(String pattern, String action, boolean allowed) {
        BoundPolicies policies = bound("{'Effect':'Allow','Action':'%s','Resource':'*'}".formatted(pattern));

        assertThat(policies.allows(action, iot("topic/a"))).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "topic/a/b, topic/a/b, true",
        "topic/a/b, topic/A/b, false",
        "topic/a/*, topic/a/b/c, true",
        "topic/a/*, topic/a, false",
        "topic/*/c, topic/a/b/c, true",
        "topic/a/?, topic/a/b, true",
        "topic/a?b, topic/a/b, true",
        "topic/a/?, topic/a/bc, false",
        "topicfilter/a/+/b, topicfilter/a/+/b, true",
        "topicfilter/a/+/b, topicfilter/a/x/b, false",
        "topicfilter/a/#, topicfilter/a/#, true",
        "topicfilter/a/#, topicfilter/a/b, false",
        "topicfilter/a/*, topicfilter/a/+/b, true",
        "topicfilter/a/*, topicfilter/a/#, true",
        "topic/${*}, topic/*, true",
        "topic/${*}, topic/a, false",
        "topic/${?}${$}, topic/?$, true",
        "topic/$x, topic/$x, true",
    })
    void resources_match_with_wildcards_of_iam_and_not_of_mqtt(String pattern, String resource, boolean allowed) {
        BoundPolicies policies = bound("{'Effect':'Allow','Action':'*','Resource':'%s'}".formatted(iot(pattern)));

        assertThat(policies.allows("iot:Publish", iot(resource))).isEqualTo(allowed);
    }

    @Test
    void a_wildcard_does_not_reach_over_the_colons_of_an_arn() {
        BoundPolicies policies = bound("{'Effect':'Allow','Action':'*','Resource':'arn:aws:iot:*:*:topic/x'}");

        assertThat(policies.allows("iot:Publish", iot("topic/x"))).isTrue();
        assertThat(policies.allows("iot:Publish", iot("topic/y:topic/x"))).isFalse();
    }

    @Test
    void a_name_may_hold_colons() {
        PolicyContext context = PolicyContext.empty().with("iot:ClientId", "urn:dev:1");
        BoundPolicies policies =
                bound(context, "{'Effect':'Allow','Action':'*','Resource':'arn:aws:iot:*:*:topic/${iot:ClientId}/*'}");

        assertThat(policies.allows("iot:Publish", iot("topic/urn:dev:1/a"))).isTrue();
        assertThat(policies.allows("iot:Publish", iot("topic/urn:dev:2/a"))).isFalse();
    }

    @Test
    void not_action_and_not_resource_speak_of_everything_else() {
        BoundPolicies policies =
                bound("{'Effect':'Allow','NotAction':['iot:Publish','iot:RetainPublish'],'NotResource':'%s'}"
                        .formatted(iot("topic/a/*")));

        assertThat(policies.allows("iot:Receive", iot("topic/b"))).isTrue();
        assertThat(policies.allows("iot:Publish", iot("topic/b"))).isFalse();
        assertThat(policies.allows("iot:Receive", iot("topic/a/b"))).isFalse();
    }

    @Test
    void a_statement_with_a_variable_that_has_no_value_speaks_of_nothing() {
        String named = "arn:aws:iot:*:*:client/${iot:Connection.Thing.ThingName}";
        BoundPolicies allowing =
                bound("{'Effect':'Allow','Action':'*','Resource':['%s','%s']}".formatted(named, iot("client/a")));
        BoundPolicies allowingOthers = bound("{'Effect':'Allow','Action':'*','NotResource':'%s'}".formatted(named));
        BoundPolicies denying = bound(ALLOW_ALL, "{'Effect':'Deny','Action':'*','Resource':'%s'}".formatted(named));

        assertThat(allowing.decide("iot:Connect", iot("client/a"))).isEqualTo(Decision.IMPLICITLY_DENIED);
        assertThat(allowingOthers.decide("iot:Connect", iot("client/a"))).isEqualTo(Decision.IMPLICITLY_DENIED);
        assertThat(denying.decide("iot:Connect", iot("client/a"))).isEqualTo(Decision.ALLOWED);
    }

    @Test
    void a_policy_that_is_bound_twice_speaks_of_each_client_by_its_own_name() {
        List<Policy> policies = List.of(policy("{'Effect':'Allow','Action':'*','Resource':['%s','%s']}"
                .formatted(iot("client/${iot:ClientId}"), iot("topic/shared"))));
        BoundPolicies one = BoundPolicies.of(policies, PolicyContext.of(Map.of("iot:ClientId", "one")));
        BoundPolicies two = BoundPolicies.of(policies, PolicyContext.of(Map.of("IOT:clientid", "two")));

        assertThat(one.allows("iot:Connect", iot("client/one"))).isTrue();
        assertThat(one.allows("iot:Connect", iot("client/two"))).isFalse();
        assertThat(two.allows("iot:Connect", iot("client/two"))).isTrue();
        assertThat(two.allows("iot:Connect", iot("client/one"))).isFalse();
        assertThat(one.allows("iot:Publish", iot("topic/shared"))).isTrue();
        assertThat(two.allows("iot:Publish", iot("topic/shared"))).isTrue();
    }

    @Test
    void a_key_with_several_values_is_no_variable() {
        PolicyContext context = PolicyContext.empty().with("iot:ClientId", "a", "b");
        BoundPolicies policies = bound(
                context, "{'Effect':'Allow','Action':'*','Resource':'%s'}".formatted(iot("client/${iot:ClientId}")));

        assertThat(policies.allows("iot:Connect", iot("client/a"))).isFalse();
    }

    @Test
    void names_of_variables_have_no_case_but_names_of_attributes_do() {
        PolicyContext context =
                PolicyContext.empty().with("iot:ClientId", "me").with("iot:Connection.Thing.Attributes[Room]", "hall");
        BoundPolicies policies = bound(
                context,
                "{'Effect':'Allow','Action':'*','Resource':'%s'}"
                        .formatted(iot("topic/${IOT:clientid}/${iot:connection.thing.attributes[Room]}")),
                "{'Effect':'Allow','Action':'*','Resource':'%s'}"
                        .formatted(iot("topic/x${iot:Connection.Thing.Attributes[room]}")));

        assertThat(policies.allows("iot:Publish", iot("topic/me/hall"))).isTrue();
        assertThat(policies.allows("iot:Publish", iot("topic/xhall"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:execute-api:us-east-1:000000000000:local/Prod/GET/invoke, true",
        "arn:aws:execute-api:us-east-1:000000000000:local/Prod/POST/invoke, false",
        "arn:aws:execute-api:eu-west-1:000000000000:local/Prod/GET/invoke, false",
    })
    void an_iam_policy_guards_an_api(String resource, boolean allowed) {
        BoundPolicies policies = bound("{'Effect':'Allow','Action':'execute-api:Invoke',"
                + "'Resource':'arn:aws:execute-api:us-east-1:*:*/Prod/GET/*'}");

        assertThat(policies.allows("execute-api:Invoke", resource)).isEqualTo(allowed);
    }

    @Test
    void what_is_no_arn_matches_only_everything() {
        assertThat(bound(ALLOW_ALL).allows("iot:ListThings", "*")).isTrue();
        assertThat(bound("{'Effect':'Allow','Action':'*','Resource':'arn:*:*:*:*:*'}")
                        .allows("iot:ListThings", "*"))
                .isFalse();
    }
}
