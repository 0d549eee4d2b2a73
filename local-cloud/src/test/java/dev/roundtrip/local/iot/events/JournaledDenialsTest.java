package dev.roundtrip.local.iot.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.Denial;
import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JournaledDenialsTest {
    private final List<Entry> entries = new ArrayList<>();
    private final JournaledDenials denials = new JournaledDenials(entries::add);

    private void deny(String action, String resource) {
        SignedRequest request = new SignedRequest("POST", "/things/pump/shadow", "", List.of(), new byte[0]);
        denials.denied(
                request, new Denial(action, "arn:aws:iot:eu-central-1:1:" + resource, "no statement"), "alice", 403);
    }

    @ParameterizedTest
    @CsvSource({
        "iot:GetThingShadow, thing/pump, $aws/things/pump/shadow/get",
        "iot:UpdateThingShadow, thing/pump, $aws/things/pump/shadow/update",
        "iot:DeleteThingShadow, thing/pump/config, $aws/things/pump/shadow/name/config/delete",
        "iot:Publish, topic/a/b, a/b",
    })
    void denied_request_is_a_step_with_the_topic_and_the_statement(String action, String resource, String topic) {
        deny(action, resource);

        Entry entry = entries.getFirst();
        assertThat(entry.step()).isEqualTo(Step.PUBLISH_REFUSED);
        assertThat(entry.subject()).isEqualTo(topic);
        assertThat(entry.client()).isEqualTo("alice");
        assertThat(entry.detail()).isEqualTo("no statement");
        assertThat(entry.code()).isEqualTo(403);
    }

    @Test
    void request_that_is_no_message_is_no_step() {
        deny("iot:ListNamedShadowsForThing", "thing/pump");

        assertThat(entries).isEmpty();
    }
}
