package dev.roundtrip.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A body is sent at most once, and never after it was withdrawn. */
class OnceBodyTest {
    /** The HTTP client, which asks for a body and counts what it gets. */
    private static final class Asking implements Subscriber<ByteBuffer> {
        private int bytes;
        private volatile @Nullable Throwable refusal;

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer part) {
            bytes += part.remaining();
        }

        @Override
        public void onError(Throwable refused) {
            refusal = refused;
        }

        @Override
        public void onComplete() {}
    }

    private final OnceBody body = new OnceBody(new byte[7]);

    private Asking ask() {
        Asking asking = new Asking();
        body.subscribe(asking);
        return asking;
    }

    @Test
    void body_is_handed_over_once() {
        Asking first = ask();
        Asking second = ask();

        assertThat(first.bytes).isEqualTo(7);
        assertThat(first.refusal).isNull();
        assertThat(second.bytes).isZero();
        assertThat(second.refusal).isNotNull();
        assertThat(body.withdraw()).as("too late").isFalse();
    }

    @Test
    void body_that_was_withdrawn_is_not_handed_over() {
        assertThat(body.withdraw()).isTrue();
        assertThat(body.withdraw()).as("again").isTrue();

        Asking asking = ask();

        assertThat(asking.bytes).isZero();
        assertThat(asking.refusal).isNotNull();
    }

    @Test
    void one_of_handing_over_and_withdrawing_wins() throws Exception {
        try (ExecutorService racers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 2_000; i++) {
                OnceBody raced = new OnceBody(new byte[7]);
                Asking asking = new Asking();
                Future<?> handing = racers.submit(() -> raced.subscribe(asking));

                boolean withdrawn = raced.withdraw();

                handing.get();
                assertThat(asking.bytes).isEqualTo(withdrawn ? 0 : 7);
            }
        }
    }
}
