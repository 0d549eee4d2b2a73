package dev.roundtrip.invoke.dataplane;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request's body that is handed out once: whoever asks again gets none, and who was never asked knows that nothing was sent.
 *
 * <p>The JDK's client repeats no POST by itself, unless a system property tells it to ({@code jdk.httpclient.enableAllMethodRetry}). Not even then
 * does a command leave twice.
 */
final class OnceBody implements HttpRequest.BodyPublisher {
    private final HttpRequest.BodyPublisher bytes;
    private final AtomicBoolean handedOut = new AtomicBoolean();

    OnceBody(byte[] payload) {
        this.bytes = HttpRequest.BodyPublishers.ofByteArray(payload);
    }

    /** Whether some of it may have left. */
    boolean mayHaveLeft() {
        return handedOut.get();
    }

    @Override
    public long contentLength() {
        return bytes.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        if (handedOut.compareAndSet(false, true)) {
            bytes.subscribe(subscriber);
            return;
        }
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {}
        });
        subscriber.onError(new IOException("a command is sent once"));
    }
}
