package dev.roundtrip.local.check;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.invoke.AbsencePolicy;
import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.InvocationResult;
import dev.roundtrip.invoke.mqtt.MqttChannel;
import dev.roundtrip.invoke.mqtt.MqttException;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.protocol.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A gateway's connection that sends whatever a check wants, and hears every answer to the deployment. Used by one
 * thread; answers come on another.
 */
final class Wire implements AutoCloseable {
    /** How long the broker may take for what has nothing to do with the device. */
    private static final Duration BROKER = Duration.ofSeconds(10);

    /** The most answers to one request; more is a flood. Our choice: no rule asks for more than five. */
    private static final int MAX_ANSWERS = 100;

    /** The most bytes of answers that wait to be read; more is a flood. Our choice: 32 of the longest answers. */
    private static final long MAX_UNREAD_BYTES = 32L * Json.MAX_PAYLOAD_BYTES;

    private final ClientPrefix prefix;
    private final Target device;
    private final MqttChannel channel;
    private final Map<String, Answers> awaited = new ConcurrentHashMap<>();
    private final AtomicLong unreadBytes = new AtomicLong();
    private final List<String> strays = new CopyOnWriteArrayList<>();

    /** What was too much; once it is set, no answer is kept any more. */
    private volatile @Nullable String flood;

    /** A message as it came. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Message(String topic, byte[] payload) {}

    /** The answers to one request: how many came, and those that nobody has read yet. */
    private static final class Answers {
        final AtomicInteger came = new AtomicInteger();
        final BlockingQueue<Message> unread = new LinkedBlockingQueue<>();
    }

    /** A request, and where its answer must come.
     *
     * @param id as the payload has it
     * @param topic where it goes
     * @param answerTopic where its answer must come
     */
    record Request(String id, String topic, String answerTopic) {}

    Wire(MqttChannel.Connector connector, ClientPrefix prefix, Target device) throws MqttException {
        this.prefix = prefix;
        this.device = device;
        this.channel = connector.open(new Listener(), within(BROKER));
        try {
            channel.subscribe(Route.answersTo(prefix), within(BROKER));
            channel.subscribe(prefix + "/+/+/+/+/ack", within(BROKER));
            // For a device that answers a request with too many levels.
            channel.subscribe(prefix + "/+/+/+/+/+/ack", within(BROKER));
        } catch (MqttException refused) {
            channel.close();
            throw refused;
        }
    }

    private static Deadline within(Duration duration) {
        return Deadline.after(duration, System::nanoTime);
    }

    /** A request of the usual form, under a new id. */
    Request request(Method method) {
        String id = MessageId.random().toString();
        return request(method, id);
    }

    /** A request under an id of one level or two. */
    Request request(Method method, String id) {
        awaited.put(id, new Answers());
        return new Request(
                id,
                device + "/" + method + "/" + prefix + "/" + id,
                prefix + "/" + id + "/" + device + "/" + method + "/ack");
    }

    /** The payload of a request that the device may still run. */
    static ObjectNode payload(Request request, JsonText value, Duration timeout) {
        return payload(request, value, Instant.now().plus(timeout));
    }

    /** @param deadline null for a request as the AWS sample's gateway sends it */
    static ObjectNode payload(Request request, JsonText value, @Nullable Instant deadline) {
        ObjectNode payload = Json.object();
        payload.put("timestamp", Long.toString(Instant.now().toEpochMilli()));
        payload.set("request", Json.asWritten(value));
        payload.put("id", request.id());
        if (deadline != null) {
            payload.put("deadline", deadline.toEpochMilli());
        }
        return payload;
    }

    void send(Request request, ObjectNode payload) throws MqttException {
        send(request.topic(), Json.write(payload));
    }

    /** Publishes at QoS 1, whatever it is. */
    void send(String topic, byte[] payload) throws MqttException {
        Route unused = new Route(prefix, MessageId.random(), device, new Method("check"));
        channel.publish(
                new Command(
                        unused,
                        new Topic(topic),
                        unused.answerTopic(),
                        payload,
                        within(BROKER),
                        AbsencePolicy.UNHEEDED),
                new MqttChannel.Acknowledgement() {
                    @Override
                    public void refused(InvocationResult.NotSent refusal) {
                        strays.add("the broker refused " + topic);
                    }
                });
    }

    /** The next answer to a request; null when none comes in time.
     *
     * @throws BrokenRuleException when the answer cannot be read, or came somewhere else, or answers flood the check
     */
    @Nullable Heard next(Request request, Duration patience) throws BrokenRuleException, InterruptedException {
        Message message = answers(request).unread.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        requireNoFlood();
        if (message == null) {
            return null;
        }
        unreadBytes.addAndGet(-message.payload().length);
        if (!message.topic().equals(request.answerTopic())) {
            throw new BrokenRuleException(
                    "an answer came on " + message.topic() + " instead of " + request.answerTopic());
        }
        Heard heard = Heard.of(message.topic(), message.payload());
        if (!heard.message().id().equals(request.id())) {
            throw new BrokenRuleException("an answer has another id than its request");
        }
        return heard;
    }

    private Answers answers(Request request) {
        Answers answers = awaited.get(request.id());
        if (answers == null) {
            throw new IllegalStateException("nobody made this request");
        }
        return answers;
    }

    /** Whether more answers came than a check keeps: it can hear nothing more then. */
    boolean isFlooded() {
        return flood != null;
    }

    /** @throws BrokenRuleException when more answers came than a check keeps */
    void requireNoFlood() throws BrokenRuleException {
        String seen = flood;
        if (seen != null) {
            throw new BrokenRuleException(seen);
        }
    }

    /** What came that belongs to no request of ours and should not have come; each a sentence. */
    List<String> strays() {
        return List.copyOf(strays);
    }

    private final class Listener implements MqttChannel.Listener {
        @Override
        public boolean received(String topic, byte[] payload) {
            String[] levels = topic.split("/", -1);
            String id = levels.length < 5 ? "" : String.join("/", Arrays.copyOfRange(levels, 1, levels.length - 3));
            Answers answers = awaited.get(id);
            if (answers == null) {
                // Answers to calls of others are none of ours.
                return false;
            }
            if (flood == null) {
                keep(answers, new Message(topic, payload));
            }
            return true;
        }

        private void keep(Answers answers, Message message) {
            if (answers.came.incrementAndGet() > MAX_ANSWERS) {
                flood = "more than " + MAX_ANSWERS + " answers came to one request";
            } else if (unreadBytes.addAndGet(message.payload().length) > MAX_UNREAD_BYTES) {
                flood = "more than " + (MAX_UNREAD_BYTES >> 20) + " MB of answers came that no request asks for";
            } else {
                answers.unread.add(message);
            }
        }

        @Override
        public void lost(String why) {
            strays.add("the connection of the check was lost: " + why);
        }
    }

    @Override
    public void close() {
        channel.close();
    }
}
