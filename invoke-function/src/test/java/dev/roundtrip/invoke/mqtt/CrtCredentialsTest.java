package dev.roundtrip.invoke.mqtt;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.invoke.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.crt.auth.credentials.Credentials;
import software.amazon.awssdk.crt.auth.credentials.CredentialsProvider;

/** Keys from a source that takes its time, as a container's endpoint may after a snapshot. */
class CrtCredentialsTest {
    private final SlowSource source = new SlowSource();
    private final CrtCredentials credentials = new CrtCredentials(new GatewayCredentials.Environment(), () -> source);

    /** Answers when the test does. */
    private static final class SlowSource extends CredentialsProvider {
        final BlockingQueue<CompletableFuture<Credentials>> questions = new LinkedBlockingQueue<>();

        @Override
        public CompletableFuture<Credentials> getCredentials() {
            CompletableFuture<Credentials> question = new CompletableFuture<>();
            questions.add(question);
            return question;
        }

        CompletableFuture<Credentials> nextQuestion() throws InterruptedException {
            return java.util.Objects.requireNonNull(questions.poll(20, TimeUnit.SECONDS), "nobody asked");
        }
    }

    private static Deadline in(Duration time) {
        return Deadline.after(time, System::nanoTime);
    }

    private static Credentials key(String id) {
        return new Credentials(id.getBytes(US_ASCII), "secret".getBytes(US_ASCII), "token".getBytes(US_ASCII));
    }

    @Test
    void nobody_waits_for_a_key_beyond_its_own_deadline_because_another_has_more_time() throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<GatewayCredentials.Fixed> patient =
                    callers.submit(() -> credentials.resolve(in(Duration.ofSeconds(20))));
            CompletableFuture<Credentials> question = source.nextQuestion();

            Future<GatewayCredentials.Fixed> hurried =
                    callers.submit(() -> credentials.resolve(in(Duration.ofMillis(50))));

            assertThatThrownBy(hurried::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(MqttException.class);
            question.complete(key("late"));
            assertThat(patient.get().accessKeyId()).isEqualTo("late");
        }
    }

    @Test
    void those_who_want_a_key_at_the_same_time_share_one_question() throws Exception {
        CountDownLatch begun = new CountDownLatch(20);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<GatewayCredentials.Fixed>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(callers.submit(() -> {
                    begun.countDown();
                    return credentials.resolve(in(Duration.ofSeconds(20)));
                }));
            }
            begun.await();
            source.nextQuestion().complete(key("shared"));
            // A caller that came after the answer asks anew.
            Future<?> unused = callers.submit(() -> {
                while (true) {
                    source.questions.take().complete(key("shared"));
                }
            });

            for (Future<GatewayCredentials.Fixed> one : all) {
                assertThat(one.get().accessKeyId()).isEqualTo("shared");
                assertThat(one.get().sessionToken()).isEqualTo("token");
            }
            callers.shutdownNow();
        }
    }

    @Test
    void key_is_asked_for_anew_when_the_source_failed_or_was_forgotten() throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<GatewayCredentials.Fixed> first =
                    callers.submit(() -> credentials.resolve(in(Duration.ofSeconds(20))));
            source.nextQuestion().completeExceptionally(new java.util.concurrent.TimeoutException("no source"));
            assertThatThrownBy(first::get).hasCauseInstanceOf(MqttException.class);

            credentials.forget();
            Future<GatewayCredentials.Fixed> second =
                    callers.submit(() -> credentials.resolve(in(Duration.ofSeconds(20))));
            source.nextQuestion().complete(key("fresh"));

            assertThat(second.get().accessKeyId()).isEqualTo("fresh");
        }
    }
}
