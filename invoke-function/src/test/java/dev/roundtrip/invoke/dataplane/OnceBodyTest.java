package dev.roundtrip.invoke.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
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
        Taker first = new Taker();
        Taker second = new Taker();

        body.subscribe(first);
        body.subscribe(second);

        assertThat(body.withdraw()).isFalse();
        assertThat(first.taken).containsExactly(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(first.failed).isFalse();
        assertThat(second.taken).isEmpty();
        assertThat(second.failed).isTrue();
    }

    @Test
    void client_that_connects_after_the_call_gave_up_gets_nothing_to_send() {
        OnceBody body = new OnceBody(new byte[] {1, 2, 3});
        Taker late = new Taker();

        assertThat(body.withdraw()).isTrue();
        body.subscribe(late);

        assertThat(late.taken).isEmpty();
        assertThat(late.failed).isTrue();
        assertThat(body.withdraw()).isTrue();
    }

    @Test
    void exactly_one_of_client_and_call_wins_the_body() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 20_000; i++) {
                OnceBody body = new OnceBody(new byte[] {1});
                Taker client = new Taker();
                CyclicBarrier together = new CyclicBarrier(2);
                Future<?> taking = threads.submit(() -> {
                    together.await();
                    body.subscribe(client);
                    return null;
                });
                Future<Boolean> giving = threads.submit(() -> {
                    together.await();
                    return body.withdraw();
                });

                taking.get();

                boolean nothingWasSent = giving.get();
                assertThat(client.taken).hasSize(nothingWasSent ? 0 : 1);
                assertThat(client.failed).isEqualTo(nothingWasSent);
            }
        }
    }
}
