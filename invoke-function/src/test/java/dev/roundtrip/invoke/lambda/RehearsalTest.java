package dev.roundtrip.invoke.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.invoke.HttpReply;
import dev.roundtrip.protocol.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is rehearsed is what is played. */
class RehearsalTest {

    @Test
    void rehearsal_goes_all_the_way_to_an_answer() throws Exception {
        HttpReply reply = Rehearsal.answered();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.headers().get("Server-Timing")).contains("publish", "device");
        assertThat(Json.read(reply.body().getBytes(StandardCharsets.UTF_8))
                        .path("response")
                        .textValue())
                .isEqualTo("{}");
    }

    @Test
    void rehearsal_goes_all_the_way_to_the_deadline() throws Exception {
        HttpReply reply = Rehearsal.unanswered();

        assertThat(reply.status()).isEqualTo(504);
        assertThat(Json.read(reply.body().getBytes(StandardCharsets.UTF_8))
                        .path("result")
                        .textValue())
                .isEqualTo("timeout");
    }

    @Test
    void rehearsal_makes_no_id() {
        HttpReply first = Rehearsal.answered();

        HttpReply second = Rehearsal.unanswered();

        assertThat(second.headers().get("X-Invocation-Id"))
                .isEqualTo(first.headers().get("X-Invocation-Id"));
    }
}
