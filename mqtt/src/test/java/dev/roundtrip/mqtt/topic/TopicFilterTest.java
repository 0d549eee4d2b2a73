package dev.roundtrip.mqtt.topic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicFilterTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "/",
                "a/b",
                "+",
                "#",
                "a/+/b",
                "+/+",
                "a/#",
                "$aws/events/#",
                "$share/g/a/#",
                "$share/g/+",
                "a b/ü"
            })
    void text_with_wildcards_in_their_places_is_a_filter(String text) {
        assertThat(TopicFilter.parse(text)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a#",
                "a/#/b",
                "#/a",
                "a+",
                "+a/b",
                "a/b+",
                "$share/g",
                "$share//a",
                "$share/g/",
                "$share/+/a",
                "$share/g/a#"
            })
    void anything_else_is_none(String text) {
        assertThat(TopicFilter.parse(text)).isEmpty();
    }

    @Test
    void shared_filter_knows_its_group_and_the_filter_inside() {
        TopicFilter filter = TopicFilter.parse("$share/workers/jobs/+").orElseThrow();

        assertThat(filter).isEqualTo(new TopicFilter("$share/workers/jobs/+", "workers", "jobs/+"));
        assertThat(filter.isShared()).isTrue();
        assertThat(filter.isWildcard()).isTrue();
    }
}
