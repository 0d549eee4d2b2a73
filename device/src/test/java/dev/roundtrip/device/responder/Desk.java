package dev.roundtrip.device.responder;

import dev.roundtrip.device.method.DeviceMethod;
import dev.roundtrip.device.method.ManualClock;
import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MalformedMessageException;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.RequestMessage;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A responder without a network: a lamp, its clock, what it published, and its ledger. Its methods count and obey. */
public final class Desk implements AutoCloseable {
    public static final Target LAMP = new Target("lamp");

    public final ManualClock clock = new ManualClock();
    public final List<CommandEvent> events = new CopyOnWriteArrayList<>();
    public final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    public final Responder responder;
    public volatile boolean isOffline;

    public Desk(Limits limits, CommandHandler handler) {
        responder = new Responder(LAMP, limits, handler, new Responder.Environment(clock, this::publish, events::add));
    }

    public static Desk honest() {
        return new Desk(Limits.DEFAULT, echo());
    }

    /** A device that answers with the request. */
    public static CommandHandler echo() {
        return running((request, call) -> request);
    }

    /** A device that runs this method, whatever it is asked for. */
    public static CommandHandler running(DeviceMethod method) {
        return command -> Decision.run(method);
    }

    private void publish(Answer answer) throws TransportException {
        if (isOffline) {
            throw TransportException.lost("offline");
        }
        answers.add(answer);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Call(Route route, byte[] payload) {}

    public Call call(String request, Duration timeout) throws Exception {
        return call(JsonText.parse(request.getBytes(StandardCharsets.UTF_8)), timeout);
    }

    public Call call(JsonText request, Duration timeout) {
        Route route = new Route(new ClientPrefix("gw"), MessageId.random(), LAMP, new Method("do"));
        return new Call(
                route,
                new RequestMessage(
                                clock.now(),
                                request,
                                route.wireId(),
                                clock.now().plus(timeout))
                        .encode());
    }

    public Call ask(String request) throws Exception {
        Call call = call(request, Duration.ofSeconds(10));
        send(call);
        return call;
    }

    public void send(Call call) {
        responder.deliver(new Delivery(call.route().requestTopic().toString(), call.payload(), new byte[] {9}, null));
    }

    public Answer nextAnswer() throws InterruptedException {
        Answer answer = answers.poll(10, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("no answer, but " + events);
        }
        return answer;
    }

    public AnswerMessage nextMessage() throws InterruptedException, MalformedMessageException {
        return AnswerMessage.decode(nextAnswer().payload());
    }

    /** The next message, which must be a refusal. */
    public DeviceRefusal nextRefusal() throws InterruptedException, MalformedMessageException {
        AnswerMessage next = nextMessage();
        if (next instanceof AnswerMessage.Refused refused) {
            return refused.refusal();
        }
        throw new AssertionError("no refusal, but " + next);
    }

    public <E extends CommandEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** How many calls the responder remembers now. */
    public int remembered() {
        return responder.remembered();
    }

    @Override
    public void close() {
        responder.close();
    }
}
