package dev.roundtrip.benchmarks.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.RequestMessage;
import dev.roundtrip.protocol.WireId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EchoDeviceTest {
    @Test
    void answers_with_what_it_was_asked() throws Exception {
        MessageId id = MessageId.random();
        byte[] command =
                new RequestMessage(Instant.now(), JsonText.string("12-34"), WireId.of(id), Instant.now()).encode();

        AnswerMessage answer = AnswerMessage.decode(EchoDevice.Echo.answer(command));

        assertThat(answer).isEqualTo(new AnswerMessage.Answered(id.toString(), JsonText.string("12-34")));
    }

    @Test
    void waits_as_long_as_the_method_says() {
        assertThat(EchoDevice.waitMillis("pump/wait-1000/gateway/id")).isEqualTo(1000);
        assertThat(EchoDevice.waitMillis("pump/echo/gateway/id")).isZero();
    }
}
