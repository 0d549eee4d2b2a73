package dev.roundtrip.things;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicRootTest {
    private final TopicRoot root = new TopicRoot("plant/meters");

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "a/", "/a", "a//b", "a/b/c/d/e", "$aws", "a*", "a?", "a/${b}", "a/+", "#", "a b", "ä"})
    void topic_that_could_widen_the_policy_is_refused(String text) {
        assertThatThrownBy(() -> new TopicRoot(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plant/meters", "plant/meters/1", "plant/meters/1/x"})
    void topic_at_and_below_is_allowed(String text) {
        assertThat(root.topic(text).value()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plant", "plant/meters2", "other", "plant/meters/+", "$aws/things/a", ""})
    void other_topics_are_refused(String text) {
        assertThatThrownBy(() -> root.topic(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plant/meters", "plant/meters/#", "plant/meters/+/x", "plant/meters/+"})
    void filter_at_and_below_is_allowed(String text) {
        assertThat(root.filter(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"#", "plant/#", "plant/+", "plant/meters/#/a", "plant/meters/a+", "plant/meters/a#"})
    void other_filters_are_refused(String text) {
        assertThatThrownBy(() -> root.filter(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
