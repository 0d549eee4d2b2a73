package dev.roundtrip.auth.policy;

import static dev.roundtrip.auth.policy.Policies.bound;
import static dev.roundtrip.auth.policy.Policies.iot;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A device that writes more into a policy's variable than a name. */
class UnsafeValuesTest {
    private static final String OWN = "{'Effect':'Allow','Action':['iot:Subscribe','iot:Publish'],'Resource':["
            + "'arn:aws:iot:*:*:topicfilter/%1$s/in','arn:aws:iot:*:*:topic/%1$s/*']}";

    @ParameterizedTest
    @CsvSource({
        "iot:ClientId, +",
        "iot:ClientId, #",
        "iot:ClientId, other/in",
        "iot:ClientId, $aws",
        "iot:ClientId, $share",
        "iot:Certificate.Subject.CommonName, +",
        "iot:Certificate.Subject.CommonName, other/in",
        "iot:certificate.subject.commonname, a+b",
        "iot:Certificate.Subject.CommonName, $aws",
        "iot:Certificate.Subject.OrganizationalUnit.1, #",
        "iot:Certificate.Issuer.Organization, +",
        "iot:Connection.Thing.Attributes[room], +",
        "iot:Connection.Thing.Attributes[room], #",
    })
    void value_that_would_change_the_levels_of_a_topic_allows_nothing(String variable, String value) {
        PolicyContext context = PolicyContext.empty().with(variable, value);

        BoundPolicies policies = bound(context, OWN.formatted("${" + variable + "}"));

        assertThat(policies.allows("iot:Subscribe", iot("topicfilter/" + value + "/in")))
                .isFalse();
        assertThat(policies.allows("iot:Publish", iot("topic/" + value + "/x"))).isFalse();
        assertThat(policies.refusal("iot:Publish", iot("topic/" + value + "/x")))
                .startsWith("a policy uses ${" + variable + "}, ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "?", "x${iot:ClientId}", "a*", "a$", "a b", "ä:1", ""})
    void any_other_value_stands_for_itself(String value) {
        PolicyContext context = PolicyContext.empty().with("iot:Certificate.Subject.CommonName", value);

        BoundPolicies policies = bound(context, OWN.formatted("${iot:Certificate.Subject.CommonName}"));

        assertThat(policies.allows("iot:Subscribe", iot("topicfilter/" + value + "/in")))
                .isTrue();
        assertThat(policies.allows("iot:Subscribe", iot("topicfilter/another/in")))
                .isFalse();
    }

    @Test
    void attribute_of_a_thing_may_have_levels() {
        PolicyContext context = PolicyContext.empty().with("iot:Connection.Thing.Attributes[room]", "house/1");

        assertThat(bound(context, OWN.formatted("${iot:Connection.Thing.Attributes[room]}"))
                        .allows("iot:Publish", iot("topic/house/1/x")))
                .isTrue();
    }

    @Test
    void value_that_no_policy_uses_takes_nothing_away() {
        PolicyContext context = PolicyContext.empty().with("iot:ClientId", "a/+");

        assertThat(bound(context, OWN.formatted("own")).allows("iot:Publish", iot("topic/own/x")))
                .isTrue();
    }

    @Test
    void statement_that_is_not_to_be_bound_takes_no_denial_and_no_other_allowance_along() {
        PolicyContext context = PolicyContext.empty().with("iot:ClientId", "a/b");

        BoundPolicies policies = bound(
                context,
                "{'Effect':'Allow','Action':'*','Resource':'*'}",
                "{'Effect':'Deny','Action':'iot:Publish','Resource':'arn:aws:iot:*:*:topic/${iot:ClientId}/x'}");

        assertThat(policies.decide("iot:Publish", iot("topic/a/b/x"))).isEqualTo(Decision.EXPLICITLY_DENIED);
        assertThat(policies.decide("iot:Publish", iot("topic/b/x"))).isEqualTo(Decision.IMPLICITLY_DENIED);
    }
}
