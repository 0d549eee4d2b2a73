package dev.roundtrip.client;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicReference;

/** The body of one try. The HTTP client asks for it once it has a connection and has sent the head. So a body that
 * nobody asked for tells that the request was not sent whole, and did not run.
 *
 * <p>Asking for it and giving up race for one token. A second request for it is refused: the HTTP client must not
 * repeat a call unasked.
 */
final class OnceBody implements BodyPublisher {
    private enum State {
        HELD,
        HANDED_OVER,
        WITHDRAWN
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.HELD);
    private final BodyPublisher body;

    OnceBody(byte[] json) {
        this.body = BodyPublishers.ofByteArray(json);
    }

    /** Keeps the body from being sent. Returns whether it was in time: the request did not and will not run. */
    boolean withdraw() {
        return state.compareAndSet(State.HELD, State.WITHDRAWN) || state.get() == State.WITHDRAWN;
    }

    @Override
    public long contentLength() {
        return body.contentLength();
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
        if (state.compareAndSet(State.HELD, State.HANDED_OVER)) {
            body.subscribe(subscriber);
            return;
        }
        subscriber.onSubscribe(new Subscription() {
            @Override
            public void request(long count) {}

            @Override
            public void cancel() {}
        });
        subscriber.onError(new IOException("the request is not sent again"));
    }
}
