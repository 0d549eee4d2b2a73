package dev.roundtrip.invoke.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class OnceBodyTest {

    /** Takes all there is. */
    private static final class Taker implements Flow.Subscriber<ByteBuffer> {
        private final List<ByteBuffer> taken = new ArrayList<>();
        private boolean failed;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            taken.add(bytes);
        }

        @Override
        public void onError(Throwable failure) {
            failed = true;
        }

        @Override
        public void onComplete() {}
    }

    @Test
    void body_is_handed_out_once() {
        OnceBody body = new OnceBody(new byte[] {1, 2, 3});
        assertThat(body.contentLength()).isEqualTo(3);
        assertThat(body.mayHaveLeft()).isFalse();
        Taker first = new Taker();
        Taker second = new Taker();

        body.subscribe(first);
        body.subscribe(second);

        assertThat(body.mayHaveLeft()).isTrue();
        assertThat(first.taken).containsExactly(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(first.failed).isFalse();
        assertThat(second.taken).isEmpty();
        assertThat(second.failed).isTrue();
    }
}
