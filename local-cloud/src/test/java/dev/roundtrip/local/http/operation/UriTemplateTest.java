package dev.roundtrip.local.http.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class UriTemplateTest {
    @Test
    void label_stands_for_one_segment() {
        UriTemplate template = UriTemplate.of("/connections/{clientId}/messages");

        assertThat(template.match("/connections/pump%2F1/messages")).hasValue(Map.of("clientId", "pump%2F1"));
        assertThat(template.match("/connections/pump/1/messages")).isEmpty();
        assertThat(template.match("/connections//messages")).isEmpty();
        assertThat(template.match("/connections/pump/messages/")).isPresent();
    }

    @Test
    void label_with_a_plus_sign_stands_for_several_segments() {
        UriTemplate template = UriTemplate.of("/topics/{topic+}");

        assertThat(template.match("/topics/a/b/")).hasValue(Map.of("topic", "a/b/"));
        assertThat(template.match("/topics/")).isEmpty();
    }

    @Test
    void other_characters_stand_for_themselves() {
        assertThat(UriTemplate.of("/a.b/{c}").match("/aXb/1")).isEmpty();
        assertThat(UriTemplate.of("/retainedMessage").match("/retainedMessages"))
                .isEmpty();
        assertThat(UriTemplate.of("/retainedMessage").match("/retainedMessage/"))
                .isPresent();
    }
}
