package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkBytes;

/** Publishes retained messages, over MQTT and HTTP in turn. What is there are payloads by topics. */
final class RetainedWriter implements KillableWriter {
    private static final int TOPICS = 5;

    private final String prefix;
    private final Front front;

    RetainedWriter(String prefix, Front front) {
        this.prefix = prefix;
        this.front = front;
    }

    @Override
    public Write next(Map<String, String> known, Random random) {
        String topic = prefix + "/" + random.nextInt(TOPICS);
        String payload = random.nextInt(5) == 0 ? "" : String.valueOf(random.nextInt(1_000_000));
        Map<String, String> after = new TreeMap<>(known);
        if (payload.isEmpty()) {
            after.remove(topic);
        } else {
            after.put(topic, payload);
        }
        return random.nextBoolean()
                ? new Write("MQTT " + topic, after, () -> front.publish(topic, payload.getBytes(UTF_8), true))
                : new Write(
                        "HTTP " + topic,
                        after,
                        () -> front.data()
                                .publish(publish -> publish.topic(topic)
                                        .qos(1)
                                        .retain(true)
                                        .payload(SdkBytes.fromUtf8String(payload))));
    }

    @Override
    public Map<String, String> read() {
        Map<String, String> found = new TreeMap<>();
        front.data().listRetainedMessages(list -> list.maxResults(200)).retainedTopics().stream()
                .map(retained -> retained.topic())
                .filter(topic -> topic.startsWith(prefix + "/"))
                .forEach(topic -> {
                    var message = front.data().getRetainedMessage(get -> get.topic(topic));
                    assertThat(message.qos()).isEqualTo(1);
                    found.put(topic, message.payload().asUtf8String());
                });
        return found;
    }
}
