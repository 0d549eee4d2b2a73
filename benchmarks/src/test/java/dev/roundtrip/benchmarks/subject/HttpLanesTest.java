package dev.roundtrip.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;

class HttpLanesTest {
    private static final String REQUEST = "GET / HTTP/1.1\r\n\r\n";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    @Test
    void a_connection_that_the_server_has_closed_while_it_lay_idle_is_opened_again() throws Exception {
        withOneLane(Duration.ZERO, lanes -> {
            assertThat(answered(lanes)).isTrue();

            // One that is on its way when the server closes is lost.
            await().until(() -> answered(lanes));
        });
    }

    @Test
    void a_connection_that_the_server_has_closed_too_soon_is_lost() throws Exception {
        withOneLane(Duration.ofMinutes(10), lanes -> {
            assertThat(answered(lanes)).isTrue();

            assertThat(answered(lanes)).isFalse();
            assertThat(answered(lanes)).isFalse();
        });
    }

    private static void withOneLane(Duration idle, ThrowingConsumer<HttpLanes> test) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerOnceOnEach(server));
            InetSocketAddress address = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
            try (HttpLanes lanes = new HttpLanes(address, 1, idle)) {
                test.accept(lanes);
            }
        }
    }

    private static boolean answered(HttpLanes lanes) throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        lanes.exchange(0, new HttpLanes.Exchange() {
            @Override
            public ByteBuf request(Channel channel) {
                return ByteBufUtil.writeAscii(channel.alloc(), REQUEST);
            }

            @Override
            public void answered(HttpAnswer answer) {
                ended.complete(true);
            }

            @Override
            public void lost() {
                ended.complete(false);
            }
        });
        return ended.get(10, TimeUnit.SECONDS);
    }

    private static void answerOnceOnEach(ServerSocket server) {
        try {
            while (true) {
                try (Socket connection = server.accept()) {
                    InputStream requests = connection.getInputStream();
                    if (requests.readNBytes(REQUEST.length()).length == REQUEST.length()) {
                        connection.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
                    }
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }
}
