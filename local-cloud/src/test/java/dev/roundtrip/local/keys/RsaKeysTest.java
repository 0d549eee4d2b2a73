package dev.roundtrip.local.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RsaKeysTest {
    private static final int DEVICES = 1_000;

    private final KeyPair pair = DeviceKeys.ellipticCurve();

    @Test
    void thousand_devices_at_once_get_their_keys_a_few_at_a_time_and_hold_no_thread_of_others() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch gate = new CountDownLatch(1);
        RsaKeys keys = new RsaKeys(2, DEVICES, () -> {
            assertThat(Thread.currentThread().isVirtual()).isFalse();
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            try {
                gate.await();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
            running.decrementAndGet();
            return pair;
        });
        try (ExecutorService devices = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<KeyPair>> made = new ArrayList<>();
            for (int i = 0; i < DEVICES; i++) {
                made.add(devices.submit(keys::make));
            }

            assertThat(devices.submit(() -> "another service").get(20, TimeUnit.SECONDS))
                    .isEqualTo("another service");

            gate.countDown();
            for (Future<KeyPair> each : made) {
                assertThat(each.get()).isSameAs(pair);
            }
        }
        assertThat(most).hasValueBetween(1, 2);
    }

    @Test
    void who_finds_too_many_waiting_is_refused_and_is_served_later() throws Exception {
        Semaphore begun = new Semaphore(0);
        CountDownLatch gate = new CountDownLatch(1);
        RsaKeys keys = new RsaKeys(1, 1, () -> {
            begun.release();
            try {
                gate.await();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
            return pair;
        });
        try (ExecutorService devices = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<KeyPair> first = devices.submit(keys::make);
            begun.acquire();
            CompletableFuture<Exception> refused = new CompletableFuture<>();
            for (int i = 0; i < 2; i++) {
                var unused = devices.submit(() -> {
                    try {
                        return keys.make();
                    } catch (RsaKeys.BusyException busy) {
                        refused.complete(busy);
                        throw busy;
                    }
                });
            }

            assertThat(refused.get(20, TimeUnit.SECONDS)).hasMessageContaining("Too many");

            gate.countDown();
            assertThat(first.get()).isSameAs(pair);
        }
        assertThat(keys.make()).isSameAs(pair);
    }

    @Test
    void maker_that_fails_fails_the_one_who_asked() {
        RsaKeys keys = new RsaKeys(1, 1, () -> {
            throw new IllegalStateException("no randomness");
        });

        assertThatThrownBy(keys::make).isInstanceOf(IllegalStateException.class).hasRootCauseMessage("no randomness");
    }
}
