package dev.roundtrip.invoke.dataplane;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;

/** A request's body that the HTTP client takes once, or never: its taking and the call's giving up race for one token,
 * and exactly one of them wins. Thread-safe.
 *
 * <p>Whoever gave up first knows that the command was not sent and never will be, whatever the client is just about to
 * do: a connection that comes up late finds no body. The JDK's client repeats no POST by itself, unless a system
 * property makes it ({@code jdk.httpclient.enableAllMethodRetry}). Not even then does a command leave twice.
 */
final class OnceBody implements HttpRequest.BodyPublisher {
    private final HttpRequest.BodyPublisher bytes;
    private final AtomicReference<State> state = new AtomicReference<>(State.OFFERED);

    private enum State {
        OFFERED,
        TAKEN,
        WITHDRAWN
    }

    OnceBody(byte[] payload) {
        this.bytes = HttpRequest.BodyPublishers.ofByteArray(payload);
    }

    /** Takes the body back.
     *
     * @return whether nothing of it has left, and nothing will; false when the client has taken it, and some of it may
     *     have left
     */
    boolean withdraw() {
        return state.compareAndSet(State.OFFERED, State.WITHDRAWN) || state.get() == State.WITHDRAWN;
    }

    @Override
    public long contentLength() {
        return bytes.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        if (state.compareAndSet(State.OFFERED, State.TAKEN)) {
            bytes.subscribe(subscriber);
            return;
        }
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {}
        });
        subscriber.onError(new IOException("a command is sent once, and not after its call gave up"));
    }
}
