package dev.roundtrip.auth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MissingVariablesTest {
    private static final String POLICY = """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Action": "iot:Connect",
               "Resource": "arn:aws:iot:*:*:client/${iot:Connection.Thing.ThingName}"},
              {"Effect": "Allow", "Action": "iot:Publish", "Resource": "arn:aws:iot:*:*:topic/${iot:ClientId}"}]}
            """;

    @Test
    void variables_without_a_value_are_named_as_written_for_the_statements_about_the_action() throws Exception {
        Policy policy = Policy.parse(PolicyType.IOT, POLICY);

        assertThat(policy.missing("iot:connect", PolicyContext.empty()))
                .containsExactly("iot:Connection.Thing.ThingName");
        assertThat(policy.missing("iot:Publish", PolicyContext.empty())).containsExactly("iot:ClientId");
        assertThat(policy.missing("iot:Subscribe", PolicyContext.empty())).isEmpty();
    }

    @Test
    void variable_with_a_value_is_not_missing() throws Exception {
        Policy policy = Policy.parse(PolicyType.IOT, POLICY);

        assertThat(policy.missing("iot:Publish", PolicyContext.empty().with("IOT:CLIENTID", "a")))
                .isEmpty();
    }
}
