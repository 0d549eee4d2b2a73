package dev.roundtrip.benchmarks.subject;

import dev.roundtrip.benchmarks.load.RoundTrips;
import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.app.LocalCloudSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;

/** A reference: the gateway's MQTT client on the gateway's listener, signed and encrypted, asks the same device with
 * the same bytes. No HTTP, no JSON, no
 * thread that waits: the answer's callback asks the next question. */
public final class BareMqtt implements RoundTrips {
    private static final String PREFIX = LocalCloudSettings.PREFIX.value();

    /** Has one level more than the answers that the gateway listens to. */
    private static final String ANSWERS = PREFIX + "/bare/+/+/+/ack";

    private final AtomicReferenceArray<@Nullable Asker> askers;
    private final Question[] questions;
    private final SignedMqtt client;

    /** The message of one lane, always the same.
     *
     * @param payload as the gateway writes it
     * @param correlation the lane's number
     * @param answer as the device has to give it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    private record Question(String topic, String answerTopic, byte[] payload, byte[] correlation, byte[] answer) {
        static Question of(int lane, SignedCalls.Command command) {
            String target = command.targets().get(lane % command.targets().size());
            String id = new UUID(0x4000L, 0x8000000000000000L | lane).toString();
            String request = "\"" + lane + "-0\"";
            String payload = "{\"timestamp\":\"1790000000000\",\"request\":" + request + ",\"id\":\"" + id
                    + "\",\"deadline\":1790000010000}";
            String answer = "{\"id\":\"" + id + "\",\"response\":" + request + "}";
            return new Question(
                    target + "/" + command.method() + "/" + PREFIX + "/" + id,
                    PREFIX + "/bare/" + lane + "/" + target + "/" + command.method() + "/ack",
                    payload.getBytes(StandardCharsets.US_ASCII),
                    Integer.toString(lane).getBytes(StandardCharsets.US_ASCII),
                    answer.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Connects.
     *
     * @param command what the devices are told
     * @throws IOException when the broker cannot be reached
     */
    public BareMqtt(LocalCloud cloud, SignedCalls.Command command, int lanes) throws IOException, InterruptedException {
        this.askers = new AtomicReferenceArray<>(lanes);
        this.questions = new Question[lanes];
        Arrays.setAll(questions, lane -> Question.of(lane, command));
        this.client = new SignedMqtt(cloud, ANSWERS, this::answered, this::lost);
    }

    @Override
    public int lanes() {
        return questions.length;
    }

    @Override
    public void ask(int lane, Asker asker) {
        askers.set(lane, asker);
        Question question = questions[lane];
        PublishPacket packet = new PublishPacket.PublishPacketBuilder(
                        question.topic(), QOS.AT_LEAST_ONCE, question.payload())
                .withMessageExpiryIntervalSeconds(10L)
                .withResponseTopic(question.answerTopic())
                .withCorrelationData(question.correlation())
                .withContentType("application/json")
                .build();
        var unused = client.publish(packet).whenComplete((result, failure) -> {
            if (failure != null) {
                end(lane, Ending.FAILED);
            }
        });
    }

    private void answered(PublishPacket answer) {
        byte[] correlation = answer.getCorrelationData();
        if (correlation != null) {
            int lane = Integer.parseInt(new String(correlation, StandardCharsets.US_ASCII));
            boolean right = Arrays.equals(answer.getPayload(), questions[lane].answer());
            end(lane, right ? Ending.ANSWERED : Ending.FAILED);
        }
    }

    private void end(int lane, Ending ending) {
        Asker asker = askers.getAndSet(lane, null);
        if (asker != null) {
            asker.ended(ending);
        }
    }

    private void lost() {
        for (int lane = 0; lane < questions.length; lane++) {
            end(lane, Ending.FAILED);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
