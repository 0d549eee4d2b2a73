package dev.roundtrip.mqtt.topic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TopicRulesTest {
    private final TopicRules rules = new TopicRules(256, 7);

    @Test
    void seven_slashes_are_allowed_and_eight_are_not() {
        assertThat(rules.allowsName("1/2/3/4/5/6/7/8")).isTrue();
        assertThat(rules.allowsName("1/2/3/4/5/6/7/8/9")).isFalse();
        assertThat(allowsFilter("1/2/3/4/5/6/7/#")).isTrue();
        assertThat(allowsFilter("1/2/3/4/5/6/7/8/#")).isFalse();
    }

    @Test
    void slashes_of_basic_ingest_of_shared_groups_and_of_reserved_topics_do_not_count() {
        assertThat(rules.allowsName("$aws/rules/rule/1/2/3/4/5/6/7/8")).isTrue();
        assertThat(rules.allowsName("$aws/rules/rule/1/2/3/4/5/6/7/8/9")).isFalse();
        assertThat(allowsFilter("$share/group/1/2/3/4/5/6/7/8")).isTrue();
        assertThat(allowsFilter("$share/group/1/2/3/4/5/6/7/8/9")).isFalse();
        assertThat(rules.allowsName("$aws/commands/things/t/executions/e/response/accepted/json"))
                .isTrue();
    }

    @Test
    void length_is_counted_in_bytes_of_utf_8() {
        assertThat(rules.allowsName("a".repeat(256))).isTrue();
        assertThat(rules.allowsName("a".repeat(257))).isFalse();
        assertThat(rules.allowsName("ü".repeat(128))).isTrue();
        assertThat(rules.allowsName("ü".repeat(128) + "a")).isFalse();
        assertThat(rules.allowsName("€".repeat(85) + "a")).isTrue();
        assertThat(rules.allowsName("😀".repeat(64))).isTrue();
        assertThat(rules.allowsName("😀".repeat(64) + "a")).isFalse();
    }

    @Test
    void topic_has_no_wildcard() {
        assertThat(rules.allowsName("a/+")).isFalse();
        assertThat(rules.allowsName("a/#")).isFalse();
        assertThat(rules.allowsName("")).isFalse();
    }

    @Test
    void below_a_dollar_only_services_speak_and_listen() {
        assertThat(rules.mayBePublished("$SYS/x")).isFalse();
        assertThat(rules.mayBePublished("$aws/events/presence/connected/x")).isFalse();
        assertThat(rules.mayBePublished("$aws/things/t/shadow/update")).isFalse();
        assertThat(rules.mayBePublished("$aws/rules/r/a")).isTrue();
        assertThat(rules.mayBeSubscribed(TopicFilter.parse("$SYS/#").orElseThrow()))
                .isFalse();
        assertThat(rules.mayBeSubscribed(TopicFilter.parse("$aws/events/#").orElseThrow()))
                .isTrue();
        assertThat(rules.mayBeSubscribed(TopicFilter.parse("$share/g/a").orElseThrow()))
                .isTrue();
    }

    private boolean allowsFilter(String text) {
        return rules.allowsFilter(TopicFilter.parse(text).orElseThrow());
    }
}
