package dev.roundtrip.device.responder;

import dev.roundtrip.device.behaviour.Behaviour;
import dev.roundtrip.device.method.DeviceMethod;
import dev.roundtrip.device.method.ManualClock;
import dev.roundtrip.device.method.Methods;
import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.ClientPrefix;
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
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A responder without a network: a lamp, its clock, what it published, and its ledger. Its methods count and obey. */
final class Desk implements AutoCloseable {
    static final Target LAMP = new Target("lamp");

    final ManualClock clock = new ManualClock();
    final List<CommandEvent> events = new CopyOnWriteArrayList<>();
    final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    final Responder responder;
    volatile boolean isOffline;

    Desk(Limits limits, Behaviour behaviour) {
        responder =
                new Responder(LAMP, limits, behaviour, new Responder.Environment(clock, this::publish, events::add));
    }

    static Desk honest() {
        return new Desk(Limits.DEFAULT, behaviour());
    }

    static Behaviour behaviour() {
        return Behaviour.honest(new Methods(Map.of(), (request, deadline) -> request));
    }

    static Behaviour running(DeviceMethod method) {
        return Behaviour.honest(new Methods(Map.of(), method));
    }

    private void publish(Answer answer) throws TransportException {
        if (isOffline) {
            throw TransportException.lost("offline");
        }
        answers.add(answer);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Call(Route route, byte[] payload) {}

    Call call(String request, Duration timeout) throws Exception {
        return call(JsonText.parse(request.getBytes(StandardCharsets.UTF_8)), timeout);
    }

    Call call(JsonText request, Duration timeout) {
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

    Call ask(String request) throws Exception {
        Call call = call(request, Duration.ofSeconds(10));
        send(call);
        return call;
    }

    void send(Call call) {
        responder.deliver(new Delivery(call.route().requestTopic().toString(), call.payload(), new byte[] {9}, null));
    }

    Answer nextAnswer() throws InterruptedException {
        Answer answer = answers.poll(10, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("no answer, but " + events);
        }
        return answer;
    }

    AnswerMessage nextMessage() throws InterruptedException, MalformedMessageException {
        return AnswerMessage.decode(nextAnswer().payload());
    }

    <E extends CommandEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Override
    public void close() {
        responder.close();
    }
}
