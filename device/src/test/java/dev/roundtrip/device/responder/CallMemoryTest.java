package dev.roundtrip.device.responder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.device.method.ManualClock;
import dev.roundtrip.device.responder.CallMemory.Occurrence;
import dev.roundtrip.protocol.MessageId;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** The memory against a plain model of it, under any sequence of what may happen. */
class CallMemoryTest {
    private static final int MAX_CALLS = 4;
    private static final int MAX_BYTES = 10;
    private static final List<MessageId> IDS =
            Stream.generate(MessageId::random).limit(6).toList();

    enum Kind {
        SEE,
        FINISH,
        FORGET,
        PASS_TIME,
        SET_CLOCK
    }

    /** One thing that happens.
     *
     * @param number of a call, or bytes of an outcome, or seconds that pass
     */
    record Event(String kind, int call, int number) {}

    private static final class Remembered {
        final Moment deadline;

        @Nullable Saying outcome;

        Remembered(Moment deadline) {
            this.deadline = deadline;
        }
    }

    @Provide
    Arbitrary<List<Event>> histories() {
        return Combinators.combine(
                        Arbitraries.of(Kind.class).map(Kind::name),
                        Arbitraries.integers().between(0, IDS.size() - 1),
                        Arbitraries.integers().between(0, 6))
                .as(Event::new)
                .list()
                .ofMaxSize(60);
    }

    @Property
    void a_call_is_begun_once_while_it_is_at_work_and_until_its_deadline_or_until_it_is_withdrawn(
            @ForAll("histories") List<Event> history) {
        CallMemory memory = new CallMemory(MAX_CALLS, MAX_BYTES);
        Map<MessageId, Remembered> model = new LinkedHashMap<>();
        Moment now = new Moment(ManualClock.START, Duration.ZERO);
        for (Event event : history) {
            MessageId id = IDS.get(event.call());
            if (event.kind().equals(Kind.SEE.name())) {
                Moment present = now;
                while (forgetFirst(model, present.plus(Duration.ofMinutes(-1)))) {
                    // Until there is none.
                }
                if (model.size() == MAX_CALLS && !model.containsKey(id)) {
                    forgetFirst(model, present);
                }
            }
            @Nullable Remembered known = model.get(id);
            switch (Kind.valueOf(event.kind())) {
                case PASS_TIME -> {
                    now = now.plus(Duration.ofSeconds(7L * event.number()));
                }
                // Forth, then back.
                case SET_CLOCK -> now = new Moment(now.clock().plusSeconds(100L * (event.number() - 3)), now.uptime());
                case SEE -> {
                    Occurrence expected = known != null
                            ? (known.outcome == null ? Occurrence.RUNNING : Occurrence.FINISHED)
                            : (model.size() < MAX_CALLS ? Occurrence.FIRST : Occurrence.FULL);
                    Moment deadline = now.plus(Duration.ofSeconds(event.number()));
                    assertThat(memory.see(id, deadline, now)).isEqualTo(expected);
                    if (expected == Occurrence.FIRST) {
                        model.put(id, new Remembered(deadline));
                    }
                }
                case FINISH -> {
                    if (known != null) {
                        known.outcome = new Saying("ok", new byte[event.number()]);
                        memory.finish(id, known.outcome);
                    }
                }
                case FORGET -> {
                    if (known != null && known.outcome == null) {
                        memory.forget(id);
                        model.remove(id);
                    }
                }
            }
            check(memory, model);
        }
    }

    /** The ended call with the earliest deadline goes, when that is past. */
    private static boolean forgetFirst(Map<MessageId, Remembered> model, Moment moment) {
        return model.entrySet().stream()
                .filter(call -> call.getValue().outcome != null)
                .min(Comparator.comparing(call -> call.getValue().deadline.uptime()))
                .filter(first -> first.getValue().deadline.isBefore(moment))
                .map(first -> model.remove(first.getKey()))
                .isPresent();
    }

    private static void check(CallMemory memory, Map<MessageId, Remembered> model) {
        assertThat(memory.size()).isEqualTo(model.size());
        int kept = 0;
        for (Map.Entry<MessageId, Remembered> entry : model.entrySet()) {
            Saying outcome = memory.outcome(entry.getKey());
            if (outcome != null) {
                assertThat(outcome).isSameAs(entry.getValue().outcome);
                kept += outcome.payload().length;
            }
        }
        assertThat(kept).isLessThanOrEqualTo(MAX_BYTES);
    }
}
