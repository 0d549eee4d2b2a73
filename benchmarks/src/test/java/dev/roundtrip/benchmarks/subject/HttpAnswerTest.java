package dev.roundtrip.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HttpAnswerTest {
    private static final String OK =
            "HTTP/1.1 200 OK\r\nServer-Timing: device;dur=0.7\r\ncontent-length: 13\r\n\r\n{\"result\":\"\"}";
    private static final String EMPTY = "HTTP/1.1 503 Service Unavailable\r\nContent-Length:0\r\n\r\n";

    @Test
    void an_answer_is_there_when_its_last_byte_is() {
        for (int length = 0; length < OK.length(); length++) {
            assertThat(HttpAnswer.read(buffer(OK.substring(0, length)))).isNull();
        }
        assertThat(HttpAnswer.read(buffer(OK))).isNotNull();
    }

    @Test
    void answers_end_where_the_next_begins() {
        ByteBuf both = buffer(OK + EMPTY);

        HttpAnswer first = Objects.requireNonNull(HttpAnswer.read(both));
        both.readerIndex(first.end());
        HttpAnswer second = Objects.requireNonNull(HttpAnswer.read(both));

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("server-timing")).isEqualTo("device;dur=0.7");
        assertThat(first.bodyHas("\"result\"")).isTrue();
        assertThat(first.bodyHas("timing")).isFalse();
        assertThat(second.status()).isEqualTo(503);
        assertThat(second.header("server-timing")).isEmpty();
        assertThat(second.end()).isEqualTo(both.writerIndex());
    }

    private static ByteBuf buffer(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
