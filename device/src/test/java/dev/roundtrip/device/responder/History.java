package dev.roundtrip.device.responder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.method.ManualClock;
import dev.roundtrip.device.method.MethodFailedException;
import dev.roundtrip.device.method.RefusedException;
import dev.roundtrip.device.store.FileJournal;
import dev.roundtrip.device.store.Journal;
import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceMemory.Replay;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.Epoch;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Lane;
import dev.roundtrip.protocol.MalformedMessageException;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Order;
import dev.roundtrip.protocol.RequestKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What callers sent to one device, what ran and what was answered, over restarts, and whether all of it is true. */
final class History implements AutoCloseable {
    private static final Lanes LANES = new Lanes(
            Map.of(new Method("up"), new Method("arm"), new Method("down"), new Method("arm")),
            Set.of(),
            Lanes.Overlap.PARALLEL);

    private final ManualClock clock = new ManualClock();
    private final @Nullable Path file;
    private final List<Request> sent = new CopyOnWriteArrayList<>();
    private final List<Run> runs = new CopyOnWriteArrayList<>();
    private final Map<MessageId, List<Said>> answers = new ConcurrentHashMap<>();
    private final Set<MessageId> lost = ConcurrentHashMap.newKeySet();
    private final Map<MessageId, Integer> lifeOfRequest = new ConcurrentHashMap<>();
    /** The number from which the counters of each epoch were counted. */
    private final Map<Epoch, Long> bases = new ConcurrentHashMap<>();
    /** Requests that began, did nothing and were refused. */
    private final List<Request> withdrawn = new CopyOnWriteArrayList<>();

    private final Map<MessageId, Delivery> deliveries = new ConcurrentHashMap<>();
    private final Map<MessageId, Instant> deadlines = new ConcurrentHashMap<>();
    private Duration offset = Duration.ZERO;
    private Instant latest = ManualClock.START;
    private int life;
    private final Map<String, AtomicInteger> atWorkByLane = new ConcurrentHashMap<>();
    /** Ordered requests that began while another one of their lane was at work. */
    private final List<Request> overlaps = new CopyOnWriteArrayList<>();

    private volatile boolean losing;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private Journal journal = Journal.none();
    private Responder responder;

    /** A method that began.
     *
     * @param life of the device, which ends with a restart
     * @param token what it answers, if it comes to that
     * @param lane the counters of its lane
     */
    record Run(int life, Request request, String token, Lane lane) {}

    @SuppressWarnings("ArrayRecordComponent") // compared by Arrays
    record Said(int life, byte[] payload) {}

    /** @param file where keys and counters are remembered; null when they are forgotten */
    History(@Nullable Path file) throws IOException {
        this.file = file;
        this.responder = open();
    }

    private Responder open() throws IOException {
        journal = file == null
                ? Journal.none()
                : FileJournal.open(file, Desk.LAMP, trouble -> {
                    throw new AssertionError(trouble);
                });
        int mine = life;
        Rules rules = Rules.of(Limits.DEFAULT).withLanes(LANES);
        Responder opened = Responder.with(
                journal,
                Desk.LAMP,
                rules,
                command -> Decision.run((request, call) -> run(mine, call.id(), request)),
                new Responder.Environment(clock, answer -> publish(mine, answer), event -> {}));
        bases.putIfAbsent(opened.ledger().epoch(), 0L);
        // Counters that were set, and whose caller was not told.
        opened.ledger().lanes().forEach(lane -> bases.putIfAbsent(lane.epoch(), lane.last()));
        return opened;
    }

    private JsonText run(int mine, MessageId id, JsonText token)
            throws InterruptedException, RefusedException, MethodFailedException {
        Request request =
                sent.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
        String lane = mine + " " + LANES.of(new Method(request.method()));
        AtomicInteger atWork = atWorkByLane.computeIfAbsent(lane, absent -> new AtomicInteger());
        boolean isOrdered = request.order() != null;
        if (isOrdered && atWork.getAndIncrement() > 0) {
            overlaps.add(request);
        }
        try {
            String deed = token.tree().asText();
            Lane counters = responder.ledger().lane(LANES.of(new Method(request.method())));
            if (deed.startsWith("refuse")) {
                withdrawn.add(request);
                throw new RefusedException("not_now", "nothing was done");
            }
            runs.add(new Run(mine, request, deed, counters));
            gate.await();
            if (deed.startsWith("fail")) {
                throw new MethodFailedException("jammed", "it is stuck");
            }
            if (deed.startsWith("break")) {
                throw new IllegalStateException("broken");
            }
            return JsonText.string(token.tree().asText() + " by " + id);
        } finally {
            if (isOrdered) {
                atWork.decrementAndGet();
            }
        }
    }

    private void publish(int mine, Answer answer) throws TransportException {
        MessageId id = MessageId.of(answer.topic().toString().split("/", -1)[1]);
        if (answer.topic().toString().contains("/lane.set/")) {
            noteCounters(answer);
        }
        if (losing) {
            lost.add(id);
            throw TransportException.lost("lost");
        }
        answers.computeIfAbsent(id, absent -> new CopyOnWriteArrayList<>()).add(new Said(mine, answer.payload()));
    }

    private void noteCounters(Answer answer) {
        try {
            if (read(answer.payload()) instanceof AnswerMessage.Answered set) {
                JsonNode lane = set.response().tree();
                bases.put(
                        new Epoch(lane.path("epoch").asText()),
                        lane.path("last").longValue());
            }
        } catch (MalformedMessageException malformed) {
            throw new AssertionError(malformed);
        }
    }

    /** The epoch of a method's counters at this time. */
    Epoch epoch(String method) {
        return responder.ledger().lane(LANES.of(new Method(method))).epoch();
    }

    void pass(Duration time) {
        clock.advance(time);
        noteTime();
    }

    /** Sets the clock to what it would be, and so much more. */
    void setClock(Duration more) {
        clock.jump(more.minus(offset));
        offset = more;
        noteTime();
    }

    private void noteTime() {
        latest = clock.now().isAfter(latest) ? clock.now() : latest;
    }

    void setCounters(String lane, int last) {
        send(Request.of("lane.set")
                .with(JsonText.of(Json.object().put("lane", lane).put("last", last))));
    }

    List<Request> sent() {
        return sent;
    }

    void send(Request request) {
        sent.add(request);
        lifeOfRequest.put(request.id(), life);
        Duration timeout = Duration.ofSeconds(10);
        deadlines.put(request.id(), clock.now().plus(timeout));
        deliveries.put(request.id(), request.delivery(clock.now(), timeout));
        responder.deliver(Objects.requireNonNull(deliveries.get(request.id())));
    }

    /** As the broker delivers a message once more. After a restart, whose session is a new one, only what was written
     * down can be told from what is new.
     */
    void duplicate(Request request) {
        Instant deadline = Objects.requireNonNull(deadlines.get(request.id()));
        if (clock.now().isAfter(deadline)) {
            // It need not be remembered any more.
            return;
        }
        boolean sameLife = lifeOfRequest.getOrDefault(request.id(), -1) == life;
        boolean known = file != null
                && !latest.isAfter(deadline)
                && runs.stream().anyMatch(run -> run.request().id().equals(request.id()))
                && (request.order() != null || request.key() != null);
        if (sameLife || known) {
            responder.deliver(Objects.requireNonNull(deliveries.get(request.id())));
        }
    }

    void lose(boolean losesAnswers) {
        losing = losesAnswers;
    }

    /** What begins from now on does not end before it is let go. */
    void hold() {
        if (gate.getCount() == 0) {
            gate = new CountDownLatch(1);
        }
    }

    void letGo() {
        gate.countDown();
    }

    void restart() throws IOException {
        responder.close();
        journal.close();
        letGo();
        life++;
        responder = open();
    }

    /** Waits until everything that this life of the device was asked is answered. */
    void settle() {
        lose(false);
        letGo();
        List<Request> mine = sent.stream()
                .filter(request -> lifeOfRequest.getOrDefault(request.id(), -1) == life)
                .toList();
        await().untilAsserted(() ->
                assertThat(mine).allMatch(request -> answers.containsKey(request.id()) || lost.contains(request.id())));
    }

    /** Throws when something is not as it should be. */
    void judge() throws MalformedMessageException {
        assertThat(overlaps).as("one at a time in a lane").isEmpty();
        nothingTwice();
        nothingOutOfOrder();
        for (Request request : sent) {
            List<Said> said = answers.getOrDefault(request.id(), List.of());
            for (Said one : said) {
                assertThat(Arrays.equals(one.payload(), said.getFirst().payload())
                                || isInterrupted(read(one.payload()))
                                || one.life() != said.getFirst().life())
                        .as("each repetition of an id gets the same answer: %s", request)
                        .isTrue();
                if (!request.method().equals("lane.set")) {
                    isTrue(request, one);
                }
            }
        }
    }

    private static AnswerMessage read(byte[] payload) throws MalformedMessageException {
        return AnswerMessage.decode(payload);
    }

    private static boolean isInterrupted(AnswerMessage answer) {
        return answer instanceof AnswerMessage.Failed failed
                && failed.error().code().equals("interrupted");
    }

    /** In which life something counts: a device with a store has but one memory. */
    private int memoryOf(int someLife) {
        return file == null ? someLife : 0;
    }

    private void nothingTwice() {
        Set<String> seen = new HashSet<>();
        for (Run run : runs) {
            RequestKey key = run.request().key();
            boolean isWritten = key != null || run.request().order() != null;
            int memory = isWritten ? memoryOf(run.life()) : run.life();
            assertThat(seen.add(memory + " id " + run.request().id()))
                    .as("twice: %s", run)
                    .isTrue();
            if (key != null) {
                assertThat(seen.add(memory + " key " + key.value()))
                        .as("twice: %s", run)
                        .isTrue();
            }
        }
    }

    private void nothingOutOfOrder() {
        Map<String, Long> lasts = new LinkedHashMap<>();
        for (Run run : runs) {
            Order order = run.request().order();
            if (order == null) {
                continue;
            }
            Epoch epoch = run.lane().epoch();
            String lane = epoch + " " + run.lane().name();
            long last = lasts.getOrDefault(lane, Objects.requireNonNull(bases.get(epoch), "an unknown epoch"));
            assertThat(order.sequence()).as("out of order: %s", run).isGreaterThan(last);
            if (order.after() != null) {
                assertThat(last).as("not after: %s", run).isEqualTo(order.after());
            }
            if (order.epoch() != null) {
                assertThat(order.epoch()).as("other counters: %s", run).isEqualTo(epoch);
            }
            lasts.put(lane, order.sequence());
        }
    }

    private List<Run> runsOf(Request request, int life) {
        return runs.stream()
                .filter(run -> run.request().id().equals(request.id()) && memoryOf(run.life()) == memoryOf(life))
                .toList();
    }

    private List<Run> runsOfKey(@Nullable RequestKey key, int life) {
        return runs.stream()
                .filter(run -> key != null
                        && run.request().key() != null
                        && run.request().key().value().equals(key.value())
                        && memoryOf(run.life()) == memoryOf(life))
                .toList();
    }

    private void isTrue(Request request, Said said) throws MalformedMessageException {
        AnswerMessage answer = read(said.payload());
        boolean isReplay = answer.memory().replay() == Replay.REPLAYED;
        List<Run> its = isReplay ? runsOfKey(request.key(), said.life()) : runsOf(request, said.life());
        switch (answer) {
            case AnswerMessage.Answered ok -> {
                assertThat(its).as("it ran: %s %s", request, ok).hasSize(1);
                Run run = its.getFirst();
                assertThat(ok.response().tree().asText())
                        .isEqualTo(run.token() + " by " + run.request().id());
            }
            case AnswerMessage.Failed failed -> {
                assertThat(its).as("it began: %s %s", request, failed).hasSize(1);
                Run run = its.getFirst();
                switch (failed.error().code()) {
                    case "interrupted" -> assertThat(run.life()).isLessThan(said.life());
                    case "jammed" -> assertThat(run.token()).startsWith("fail");
                    case "internal" -> assertThat(run.token()).startsWith("break");
                    default -> throw new AssertionError("no method fails like this: " + failed);
                }
            }
            case AnswerMessage.Refused refused -> {
                assertThat(runsOf(request, said.life()))
                        .as("it did not run: %s %s", request, refused)
                        .isEmpty();
                isTrue(request, refused, said.life());
            }
        }
        Lane lane = answer.memory().lane();
        assertThat(lane == null).isEqualTo(request.order() == null);
        assertThat(answer.memory().key() == null).isEqualTo(request.key() == null);
        if (lane != null) {
            isTrue(lane, said.life());
        }
    }

    /** The last that ran in the lane is the one that is named. */
    private void isTrue(Lane lane, int itsLife) {
        assertThat(bases).containsKey(lane.epoch());
        if (lane.lastId() == null) {
            assertThat(lane.last()).isEqualTo(bases.get(lane.epoch()));
        } else if (withdrawn.stream().noneMatch(request -> request.id().equals(lane.lastId()))) {
            assertThat(runs)
                    .as("%s", lane)
                    .anyMatch(run -> run.request().id().equals(lane.lastId())
                            && run.request().order() != null
                            && run.request().order().sequence() == lane.last()
                            && LANES.of(new Method(run.request().method())).equals(lane.name())
                            && memoryOf(run.life()) == memoryOf(itsLife));
        }
    }

    private void isTrue(Request request, AnswerMessage.Refused refused, int itsLife) {
        switch (refused.refusal().code()) {
            case DeviceRefusal.OUT_OF_SEQUENCE -> {
                Order order = request.order();
                Lane lane = refused.memory().lane();
                assertThat(order != null
                                && lane != null
                                && (order.sequence() <= lane.last()
                                        || (order.after() != null && order.after() != lane.last())
                                        || (order.epoch() != null
                                                && !order.epoch().equals(lane.epoch()))))
                        .as("%s %s", request, refused)
                        .isTrue();
            }
            case "not_now" -> assertThat(withdrawn).contains(request);
            case DeviceRefusal.EXPIRED ->
                assertThat(latest).isAfter(Objects.requireNonNull(deadlines.get(request.id())));
            case DeviceRefusal.KEY_REUSED ->
                assertThat(sent.stream()
                                .filter(other -> other.key() != null
                                        && request.key() != null
                                        && other.key()
                                                .value()
                                                .equals(request.key().value())
                                        && other.key().digest() != null
                                        && !other.key()
                                                .digest()
                                                .equals(request.key().digest())))
                        .as("%s", request)
                        .isNotEmpty();
            case DeviceRefusal.UNKNOWN_KEY -> {
                assertThat(request.key() != null && request.key().replay() == RequestKey.Replay.ONLY)
                        .isTrue();
                // Only what ran afterwards may have the key.
                int asked = sent.indexOf(request);
                assertThat(runsOfKey(request.key(), itsLife)).allMatch(run -> sent.indexOf(run.request()) > asked);
            }
            default -> throw new AssertionError("there is no reason for " + refused + " to " + request);
        }
    }

    @Override
    public void close() throws IOException {
        letGo();
        responder.close();
        journal.close();
    }
}
