package dev.roundtrip.device.responder;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.roundtrip.device.method.ManualClock;
import dev.roundtrip.device.store.FileJournal;
import dev.roundtrip.device.store.Journal;
import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MalformedMessageException;
import dev.roundtrip.protocol.MessageId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A device that notes what it does, and that can be restarted. {@code work} answers with how often it ran;
 * {@code hold} waits until it is let go; {@code echo} answers with the request; {@code refuse} does nothing and says
 * so, and {@code refuse.} with anything behind it does so, too; {@code deep} answers with what cannot be read; {@code
 * interrupt} waits, too, and then takes itself for interrupted; {@code broken} cannot be decided about; every other
 * method is unknown.
 */
final class Shop implements AutoCloseable {
    final ManualClock clock = new ManualClock();
    /** The values of the requests that ran, in the order in which they began. */
    final List<String> work = new CopyOnWriteArrayList<>();

    final List<CommandEvent> events = new CopyOnWriteArrayList<>();
    final List<String> troubles = new CopyOnWriteArrayList<>();
    private final Map<MessageId, CompletableFuture<Answer>> answers = new ConcurrentHashMap<>();
    private final Rules rules;
    private final Store store;
    private CountDownLatch letGo = new CountDownLatch(1);
    private volatile CountDownLatch network = new CountDownLatch(0);
    private Journal journal = Journal.none();
    private @Nullable Responder responder;

    /** How a device opens its journal. */
    interface Store {
        Journal open() throws IOException;
    }

    Shop(Rules rules, @Nullable Path file) throws IOException {
        this.rules = rules;
        this.store = () -> file == null ? Journal.none() : FileJournal.open(file, Desk.LAMP, troubles::add);
        open();
    }

    /** @param store asked at each start for what an earlier run has left */
    Shop(Store store) throws IOException {
        this.rules = Rules.of(Limits.DEFAULT);
        this.store = store;
        open();
    }

    static Shop inMemory() throws IOException {
        return new Shop(Rules.of(Limits.DEFAULT), null);
    }

    static Shop in(Path file) throws IOException {
        return new Shop(Rules.of(Limits.DEFAULT), file);
    }

    private void open() throws IOException {
        journal = store.open();
        responder = Responder.with(
                journal, Desk.LAMP, rules, this::decide, new Responder.Environment(clock, this::publish, events::add));
    }

    private Decision decide(Command command) {
        String name = command.method().value();
        return switch (name.startsWith("refuse.") ? "refuse" : name) {
            case "work", "other" ->
                Decision.run((request, call) -> {
                    work.add(request.tree().asText());
                    return JsonText.string("run " + work.size());
                });
            case "echo" -> Decision.run((request, call) -> request);
            case "hold" ->
                Decision.run((request, call) -> {
                    work.add(request.tree().asText());
                    letGo.await();
                    return JsonText.string("run " + work.size());
                });
            case "interrupt" ->
                Decision.run((request, call) -> {
                    work.add(request.tree().asText());
                    letGo.await();
                    throw new InterruptedException("by nobody");
                });
            case "deep" -> Decision.run((request, call) -> deep());
            case "broken" -> throw new IllegalStateException("secret");
            case "refuse" ->
                Decision.run((request, call) -> {
                    throw call.invalidRequest("not like this");
                });
            default -> new Decision.Refuse(Refusals.invalid("only work and hold"));
        };
    }

    /** Can be written, and not be read. */
    private static JsonText deep() {
        ArrayNode outer = Json.object().putArray("deep");
        ArrayNode inner = outer;
        for (int i = 0; i < 1_500; i++) {
            inner = inner.addArray();
        }
        return JsonText.of(outer);
    }

    /** From now on no answer gets out before the network is repaired. */
    void breakNetwork() {
        network = new CountDownLatch(1);
    }

    void repairNetwork() {
        network.countDown();
    }

    private void publish(Answer answer) throws InterruptedException {
        network.await();
        String[] levels = answer.topic().toString().split("/", -1);
        answerTo(MessageId.of(levels[levels.length - 4])).complete(answer);
    }

    private CompletableFuture<Answer> answerTo(MessageId id) {
        return answers.computeIfAbsent(id, absent -> new CompletableFuture<>());
    }

    Responder responder() {
        if (responder == null) {
            throw new IllegalStateException("it is closed");
        }
        return responder;
    }

    /** Sends without waiting for the answer. */
    Request send(Request request) {
        responder().deliver(request.delivery(clock.now(), Duration.ofSeconds(10)));
        return request;
    }

    /** The answer to a request that was sent. */
    AnswerMessage answer(Request request) throws InterruptedException, MalformedMessageException {
        try {
            return AnswerMessage.decode(
                    answerTo(request.id()).get(10, TimeUnit.SECONDS).payload());
        } catch (TimeoutException silent) {
            throw new AssertionError("no answer to " + request + ", but " + events, silent);
        } catch (java.util.concurrent.ExecutionException impossible) {
            throw new AssertionError(impossible);
        }
    }

    AnswerMessage ask(Request request) throws InterruptedException, MalformedMessageException {
        return answer(send(request));
    }

    boolean isAnswered(Request request) {
        return answerTo(request.id()).isDone();
    }

    /** Forgets the answer, so that the next one can be waited for. */
    void forget(Request request) {
        answers.remove(request.id());
    }

    /** What {@code hold} holds goes on. */
    void letGo() {
        letGo.countDown();
    }

    /** Ends the process of the device, and begins another one. What is at work is interrupted. */
    void restart() throws IOException {
        close();
        letGo = new CountDownLatch(1);
        open();
    }

    @Override
    public void close() throws IOException {
        responder().close();
        journal.close();
    }
}
