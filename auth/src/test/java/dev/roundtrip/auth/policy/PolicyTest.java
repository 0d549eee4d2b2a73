package dev.roundtrip.auth.policy;

import static dev.roundtrip.auth.policy.Policies.document;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
    private static final String STATEMENT = "{'Effect':'Allow','Action':'iot:Connect','Resource':'*'}";

    @Test
    void one_statement_needs_no_list() {
        assertThatCode(() -> Policy.parse(
                        PolicyType.IOT,
                        ("{'Version':'2012-10-17','Id':'x','Statement':{'Sid':'y','Effect':'Deny','NotAction':['iot:*'],"
                                        + "'NotResource':['*']}}")
                                .replace('\'', '"')))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "[] | the document must be a JSON object",
                "{} | Version must be \"2012-10-17\"",
                "{'Version':'2008-10-17','Statement':[]} | Version must be \"2012-10-17\"",
                "{'Version':'2012-10-17'} | Statement is missing",
                "{'Version':'2012-10-17','Statement':[]} | Statement is missing",
                "{'Version':'2012-10-17','Statement':['x']} | statement 1: it must be a JSON object",
                "{'Version':'2012-10-17','Statment':[]} | the element Statment is not known here",
                "{'Version':'2012-10-17','Version':'2012-10-17'} | not JSON: Duplicate",
                "{'Version':'2012-10-17'} x | not JSON",
                "{'Version' | not JSON",
            })
    void a_document_that_cannot_be_obeyed_is_refused(String json, String message) {
        assertThatThrownBy(() -> Policy.parse(PolicyType.IOT, json.replace('\'', '"')))
                .isInstanceOf(MalformedPolicyException.class)
                .hasMessageContaining(message)
                .message()
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'Effect':'allow','Action':'*','Resource':'*' | Effect must be",
                "'Action':'*','Resource':'*' | Effect must be",
                "'Effect':'Allow','Resource':'*' | one of Action and NotAction",
                "'Effect':'Allow','Action':'*','NotAction':'*','Resource':'*' | one of Action and NotAction",
                "'Effect':'Allow','Action':'*' | one of Resource and NotResource",
                "'Effect':'Allow','Action':[],'Resource':'*' | Action: the list is empty",
                "'Effect':'Allow','Action':{},'Resource':'*' | Action: wanted is a string or a list of strings",
                "'Effect':'Allow','Action':[null],'Resource':'*' | Action: wanted is a string or a list of strings",
                "'Effect':'Allow','Action':'Publish','Resource':'*'"
                        + " | Action: wanted is * or an action like iot:Publish, but found Publish",
                "'Effect':'Allow','Action':'iot:Pub lish','Resource':'*' | Action: wanted is * or an action",
                "'Effect':'Allow','Action':'iot:${a:b}','Resource':'*' | Action: wanted is * or an action",
                "'Effect':'Allow','Action':'*','Resource':'topic/a' | Resource: wanted is * or an ARN",
                "'Effect':'Allow','Action':'*','NotResource':'arn:aws:iot:*' | NotResource: wanted is * or an ARN",
                "'Effect':'Allow','Action':'*','Resource':'arn:aws:iot:*:*:topic/${iot:ClientId' | has no closing }",
                "'Effect':'Allow','Action':'*','Resource':'arn:aws:iot:*:*:topic/${}' | is no policy variable",
                "'Effect':'Allow','Action':'*','Resource':'arn:aws:iot:*:*:topic/${ClientId}' | is no policy variable",
                "'Effect':'Allow','Action':'*','Resource':'arn:aws:iot:*:*:topic/${a:b, 'c'}' | not JSON",
                "'Effect':'Allow','Action':'*','Resource':'*','Principal':'*'"
                        + " | the element Principal is not known here",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':[] | Condition must be a JSON object",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'StringEquals':{}}"
                        + " | StringEquals names no key",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'StringEqual':{'a:b':'c'}}"
                        + " | statement 1: StringEqual, a:b: the operator StringEqual is not known here",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'NumericLessThan':{'a:b':'1'}}"
                        + " | the operator NumericLessThan is not known here",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'ForAnyValue:ForAllValues:Bool':{'a:b':'1'}}"
                        + " | is not known here",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'ForAnyValue:':{'a:b':'1'}}"
                        + " | is not known here",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'StringEquals':{'b':'c'}}"
                        + " | wanted is a condition key",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'Bool':{'a:b':'yes'}}"
                        + " | wanted is true or false, but found yes",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'Null':{'a:b':'yes'}}"
                        + " | wanted is \"true\" or \"false\"",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'IpAddress':{'a:b':'10.0.0.0/33'}}"
                        + " | wanted is an address or a network",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'IpAddress':{'a:b':'host/8'}}"
                        + " | wanted is an address or a network",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'IpAddress':{'a:b':'10.0.0.0/'}}"
                        + " | wanted is an address or a network",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'IpAddress':{'a:b':'256.0.0.1'}}"
                        + " | wanted is an address or a network",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'IpAddress':{'a:b':'10.0.1'}}"
                        + " | wanted is an address or a network",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'IpAddress':{'a:b':'fd00:::1'}}"
                        + " | wanted is an address or a network",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'IpAddress':{'a:b':'beef'}}"
                        + " | wanted is an address or a network",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'IpAddress':{'a:b':':'}}"
                        + " | wanted is an address or a network",
                "'Effect':'Allow','Action':'*','Resource':'*','Condition':{'ArnLike':{'a:b':'x'}}"
                        + " | wanted is * or an ARN",
            })
    void a_statement_that_cannot_be_obeyed_is_refused(String elements, String message) {
        assertThatThrownBy(() -> Policy.parse(PolicyType.IOT, document("{" + elements + "}")))
                .isInstanceOf(MalformedPolicyException.class)
                .hasMessageContaining(message)
                .message()
                .hasLineCount(1);
    }

    @Test
    void the_message_counts_statements() {
        assertThatThrownBy(() -> Policy.parse(PolicyType.IOT, document(STATEMENT, "{'Effect':'Allow'}")))
                .hasMessageStartingWith("statement 2: ");
    }

    @Test
    void white_space_does_not_count_towards_the_limit() throws MalformedPolicyException {
        String longest = document(STATEMENT);
        String padding = "x".repeat(2_048 - (longest.length() + ",'Id':''".length()));
        String full = longest.substring(0, longest.length() - 1) + ",\"Id\":\"" + padding + "\"}";

        Policy.parse(PolicyType.IOT, full + " ".repeat(5_000));
        assertThatThrownBy(() -> Policy.parse(PolicyType.IOT, full.replace("xx", "xxx")))
                .isInstanceOf(MalformedPolicyException.class)
                .hasMessageContaining("2048 characters");
        assertThat(Policy.parse(PolicyType.IAM, full.replace("\"xx", "\"xxx"))).isNotNull();
    }
}
