package dev.roundtrip.local.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The JDK's WebSocket client, sending MQTT in whatever frames a test likes; it shows each frame received in
 * hexadecimal.
 */
final class Frames implements WebSocket.Listener {
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final WebSocket socket;

    Frames(HttpClient http, URI uri) {
        this(http, uri, "mqtt");
    }

    Frames(HttpClient http, URI uri, String preferred, String... others) {
        socket = http.newWebSocketBuilder()
                .subprotocols(preferred, others)
                .buildAsync(uri, this)
                .join();
    }

    WebSocket socket() {
        return socket;
    }

    void send(byte[] bytes, int from, int to, boolean last) {
        CompletableFuture<WebSocket> sent = socket.sendBinary(ByteBuffer.wrap(bytes, from, to - from), last);
        sent.join();
    }

    String next() throws InterruptedException {
        String frame = received.poll(10, TimeUnit.SECONDS);
        return frame == null ? "nothing" : frame;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        received.add(HexFormat.of().formatHex(bytes));
        webSocket.request(1);
        return null;
    }
}
