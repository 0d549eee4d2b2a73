package dev.roundtrip.invoke.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.invoke.HttpReply;
import dev.roundtrip.protocol.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Priming goes the way of a real call. */
class PrimingTest {

    @Test
    void priming_goes_all_the_way_to_an_answer() throws Exception {
        HttpReply reply = Priming.answered();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.headers().get("Server-Timing")).contains("publish", "device");
        assertThat(Json.read(reply.body().getBytes(StandardCharsets.UTF_8))
                        .path("response")
                        .textValue())
                .isEqualTo("{}");
    }

    @Test
    void priming_goes_all_the_way_to_the_deadline() throws Exception {
        HttpReply reply = Priming.unanswered();

        assertThat(reply.status()).isEqualTo(504);
        assertThat(Json.read(reply.body().getBytes(StandardCharsets.UTF_8))
                        .path("result")
                        .textValue())
                .isEqualTo("timeout");
    }

    @Test
    void priming_makes_no_id() {
        HttpReply first = Priming.answered();

        HttpReply second = Priming.unanswered();

        assertThat(second.headers().get("X-Invocation-Id"))
                .isEqualTo(first.headers().get("X-Invocation-Id"));
    }
}
