package dev.roundtrip.auth.policy;

import static dev.roundtrip.auth.policy.Policies.withCondition;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {
    private static final PolicyContext CONTEXT = PolicyContext.empty()
            .with("iot:ClientId", "dev1")
            .with("iot:Connection.Thing.ThingName", "dev1")
            .with("iot:Connection.Thing.IsAttached", "true")
            .with("iot:Connection.Thing.Attributes[room]", "*")
            .with("aws:SourceIp", "127.0.0.1")
            .with("iot:ConnectAttributes", "PersistentConnect", "LastWill")
            .with("aws:SourceArn", "arn:aws:iot:us-east-1:000000000000:rule/a/b");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "StringEquals | iot:ClientId | 'dev1' | true",
                "StringEquals | iot:clientid | 'dev1' | true",
                "StringEquals | iot:ClientId | 'DEV1' | false",
                "StringEquals | iot:ClientId | ['x','dev1'] | true",
                "StringEquals | iot:ClientId | 'dev*' | false",
                "StringEquals | iot:ClientId | '${iot:Connection.Thing.ThingName}' | true",
                "StringEquals | iot:ClientId | '${iot:Unknown}' | false",
                "StringEquals | iot:ClientId | ['dev1','${iot:Unknown}'] | false",
                "StringEquals | iot:Unknown | 'a' | false",
                "StringEqualsIfExists | iot:Unknown | 'a' | true",
                "StringEqualsIfExists | iot:ClientId | 'a' | false",
                "StringEqualsIgnoreCase | iot:ClientId | 'DEV1' | true",
                "StringNotEqualsIgnoreCase | iot:ClientId | 'DEV1' | false",
                "StringNotEquals | iot:ClientId | 'dev1' | false",
                "StringNotEquals | iot:ClientId | ['a','dev1'] | false",
                "StringNotEquals | iot:ClientId | ['a','b'] | true",
                "StringNotEquals | iot:Unknown | 'a' | true",
                "StringNotEquals | iot:ClientId | '${iot:Unknown}' | false",
                "StringLike | iot:ClientId | 'dev*' | true",
                "StringLike | iot:ClientId | 'de?1' | true",
                "StringLike | iot:ClientId | '${iot:Connection.Thing.Attributes[room]}' | false",
                "StringLike | iot:ClientId | 'x*' | false",
                "StringNotLike | iot:ClientId | 'x*' | true",
                "StringNotLike | iot:ClientId | 'dev*' | false",
                "ArnLike | aws:SourceArn | 'arn:aws:iot:*:*:rule/*' | true",
                "ArnEquals | aws:SourceArn | 'arn:aws:iot:*:*:rule/*' | true",
                "ArnLike | aws:SourceArn | 'arn:aws:s3:*:*:rule/*' | false",
                "ArnNotLike | aws:SourceArn | 'arn:aws:s3:*:*:*' | true",
                "ArnNotEquals | aws:SourceArn | 'arn:aws:iot:*:*:*' | false",
                "Bool | iot:Connection.Thing.IsAttached | ['true'] | true",
                "Bool | iot:Connection.Thing.IsAttached | true | true",
                "Bool | iot:Connection.Thing.IsAttached | 'false' | false",
                "Bool | iot:Unknown | 'false' | false",
                "BoolIfExists | iot:Unknown | 'true' | true",
                "IpAddress | aws:SourceIp | '127.0.0.0/8' | true",
                "IpAddress | aws:SourceIp | '127.0.0.1' | true",
                "IpAddress | aws:SourceIp | ['10.0.0.0/8','::1'] | false",
                "IpAddress | aws:SourceIp | '0.0.0.0/0' | true",
                "IpAddress | aws:SourceIp | '::/0' | false",
                "IpAddress | iot:ClientId | '0.0.0.0/0' | false",
                "NotIpAddress | aws:SourceIp | '10.0.0.0/8' | true",
                "NotIpAddress | aws:SourceIp | '127.0.0.0/30' | false",
                "ForAllValues:StringEquals | iot:ConnectAttributes | ['PersistentConnect','LastWill'] | true",
                "ForAllValues:StringEquals | iot:ConnectAttributes | ['PersistentConnect'] | false",
                "ForAllValues:StringEquals | iot:ConnectAttributes | [] | false",
                "ForAllValues:StringEquals | iot:Unknown | [] | true",
                "ForAllValues:StringNotLike | iot:ConnectAttributes | 'Last*' | false",
                "ForAnyValue:StringEquals | iot:ConnectAttributes | 'LastWill' | true",
                "ForAnyValue:StringEquals | iot:ConnectAttributes | 'x' | false",
                "ForAnyValue:StringEquals | iot:Unknown | 'x' | false",
                "ForAnyValue:StringNotEquals | iot:ConnectAttributes | 'LastWill' | true",
                "ForAnyValue:StringNotEquals | iot:Unknown | 'x' | false",
                "ForAnyValue:StringLikeIfExists | iot:Unknown | 'x' | true",
                "Null | iot:Unknown | 'true' | true",
                "Null | iot:ClientId | 'true' | false",
                "Null | iot:ClientId | 'false' | true",
            },
            quoteCharacter = '"')
    void an_operator_compares(String operator, String key, String values, boolean holds) {
        BoundPolicies policies = withCondition(CONTEXT, "{'%s':{'%s':%s}}".formatted(operator, key, values));

        assertThat(policies.allows("iot:Connect", "*")).isEqualTo(holds);
    }

    @Test
    void all_tests_of_a_condition_must_hold() {
        String both = "{'StringEquals':{'iot:ClientId':'%s','iot:Connection.Thing.ThingName':'dev1'},"
                + "'IpAddress':{'aws:SourceIp':'%s'}}";

        assertThat(withCondition(CONTEXT, both.formatted("dev1", "127.0.0.1")).allows("iot:Connect", "*"))
                .isTrue();
        assertThat(withCondition(CONTEXT, both.formatted("x", "127.0.0.1")).allows("iot:Connect", "*"))
                .isFalse();
        assertThat(withCondition(CONTEXT, both.formatted("dev1", "10.0.0.1")).allows("iot:Connect", "*"))
                .isFalse();
    }

    @Test
    void an_address_of_version_six_is_compared_by_its_prefix() {
        PolicyContext context = PolicyContext.empty().with("aws:SourceIp", "fd12::1");

        assertThat(withCondition(context, "{'IpAddress':{'aws:SourceIp':'fd00::/8'}}")
                        .allows("a:b", "*"))
                .isTrue();
        assertThat(withCondition(context, "{'IpAddress':{'aws:SourceIp':'fe00::/8'}}")
                        .allows("a:b", "*"))
                .isFalse();
    }

    @Test
    void a_mapped_address_of_version_four_counts_as_version_four() {
        PolicyContext context = PolicyContext.empty().with("aws:SourceIp", "::ffff:10.1.2.3");

        assertThat(withCondition(context, "{'IpAddress':{'aws:SourceIp':'10.0.0.0/8'}}")
                        .allows("a:b", "*"))
                .isTrue();
    }
}
