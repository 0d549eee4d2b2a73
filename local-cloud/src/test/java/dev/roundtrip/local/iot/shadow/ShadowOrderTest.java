package dev.roundtrip.local.iot.shadow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.mqtt.ServicePublisher;
import dev.roundtrip.mqtt.packet.Publication;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests to one thing, over MQTT and over HTTP at the same time. */
class ShadowOrderTest {
    private static final String P = "$aws/things/pump/shadow/";

    private final SlowSubscriber subscriber = new SlowSubscriber();
    private final Shadows shadows = new Shadows(
            new InMemoryTables(),
            subscriber,
            InstantSource.fixed(Instant.ofEpochSecond(1_000_000)),
            new ShadowLimits(0, 10));
    private final ShadowTopics topics = new ShadowTopics(shadows);
    private final List<String> answers = new CopyOnWriteArrayList<>();

    /** Is told everything, and takes its time with one topic. */
    private static final class SlowSubscriber implements ServicePublisher {
        private final List<String> told = new CopyOnWriteArrayList<>();
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch goesOn = new CountDownLatch(1);
        private volatile String slow = "";

        @Override
        public boolean hasReceivers(String topic) {
            return true;
        }

        @Override
        public void publish(Publication content) {
            if (content.topic().equals(slow)) {
                reached.countDown();
                try {
                    goesOn.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }
            told.add(content.topic().substring(P.length()));
        }

        @Override
        public void publish(Publication content, Duration expiry) {
            publish(content);
        }
    }

    @BeforeEach
    void update() throws Refusal {
        overHttp("update");
        subscriber.told.clear();
        answers.clear();
    }

    @AfterEach
    void goOn() {
        subscriber.goesOn.countDown();
    }

    private void overMqtt(String verb) {
        topics.take(ShadowTopic.of(P + verb), payload(verb));
    }

    private void overHttp(String verb) throws Refusal {
        ShadowName pump = ShadowName.classic("pump");
        ShadowRequest request = ShadowRequest.orEmpty(payload(verb));
        answers.add((verb.equals("get") ? shadows.get(pump, request) : shadows.update(pump, request))
                .path("version")
                .asText());
    }

    private static byte[] payload(String verb) {
        return (verb.equals("get") ? "" : "{\"state\":{\"reported\":{\"on\":true}}}").getBytes(UTF_8);
    }

    private Thread start(String channel, String verb) {
        return Thread.ofPlatform().daemon().start(() -> {
            if (channel.equals("mqtt")) {
                overMqtt(verb);
            } else {
                try {
                    overHttp(verb);
                } catch (Refusal refusal) {
                    answers.add(String.valueOf(refusal.getMessage()));
                }
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "mqtt, get, http, update, 'get/accepted update/accepted update/documents', 2",
        "mqtt, update, http, get, 'update/accepted update/documents', 2",
        "http, update, mqtt, get, 'update/accepted update/documents get/accepted', 2"
    })
    void second_request_is_served_when_the_first_one_was_told(
            String firstChannel, String first, String secondChannel, String second, String told, String answered)
            throws Exception {
        // given
        subscriber.slow = P + first + "/accepted";
        Thread slow = start(firstChannel, first);
        subscriber.reached.await();

        // when
        Thread waiting = start(secondChannel, second);
        await().until(() -> waiting.getState() == Thread.State.WAITING);
        subscriber.goesOn.countDown();
        slow.join();
        waiting.join();

        // then
        assertThat(String.join(" ", subscriber.told)).isEqualTo(told);
        assertThat(answers).containsExactly(answered);
    }

    @Test
    void rejection_of_a_shadow_that_is_missing_comes_before_what_its_first_update_tells() throws Exception {
        // given
        String other = P + "name/other/";
        subscriber.slow = other + "get/rejected";
        Thread slow =
                Thread.ofPlatform().daemon().start(() -> topics.take(ShadowTopic.of(other + "get"), payload("get")));
        subscriber.reached.await();

        // when
        Thread waiting = Thread.ofPlatform()
                .daemon()
                .start(() -> topics.take(ShadowTopic.of(other + "update"), payload("update")));
        await().until(() -> waiting.getState() == Thread.State.WAITING);
        subscriber.goesOn.countDown();
        slow.join();
        waiting.join();

        // then
        assertThat(subscriber.told)
                .containsExactly(
                        "name/other/get/rejected", "name/other/update/accepted", "name/other/update/documents");
    }
}
