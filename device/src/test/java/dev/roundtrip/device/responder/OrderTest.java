package dev.roundtrip.device.responder;

import dev.roundtrip.device.store.OwnDirectory;
import dev.roundtrip.protocol.Epoch;
import dev.roundtrip.protocol.JsonText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Two callers, repeats, lost answers, duplicates of the broker, commands at once, methods that refuse and fail,
 * counters and clocks that are set, and restarts: nothing runs out of order, nothing runs twice, and each refusal says
 * the truth.
 */
class OrderTest {
    private static final Epoch FOREIGN = new Epoch("foreign");

    @Property(tries = 60)
    void device_without_a_store_keeps_its_promises_until_it_restarts(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 999_999_999) Integer> steps)
            throws Exception {
        play(steps, null);
    }

    @Property(tries = 40)
    void device_with_a_store_keeps_its_promises_over_restarts(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 999_999_999) Integer> steps)
            throws Exception {
        try (OwnDirectory directory = OwnDirectory.create()) {
            play(steps, directory.path().resolve("lamp.journal"));
        }
    }

    private static void play(List<Integer> steps, @Nullable Path store) throws Exception {
        try (History history = new History(store)) {
            for (int i = 0; i < steps.size(); i++) {
                step(steps.get(i), i, history);
            }
            history.settle();
            history.judge();
        }
    }

    /** Each digit of the number decides something, so that a smaller number is a simpler step. */
    private static void step(int number, int index, History history) throws Exception {
        Digits digits = new Digits(number);
        int kind = digits.next(24);
        List<Request> sent = history.sent();
        if (kind < 11 || sent.isEmpty()) {
            history.send(request(digits, index, history));
            return;
        }
        Request earlier = sent.get(sent.size() - 1 - digits.next(Math.min(8, sent.size())));
        switch (kind) {
            case 11, 12, 13 -> history.send(earlier.again());
            case 14, 15 -> history.duplicate(earlier);
            case 16 -> history.lose(digits.next(2) == 1);
            case 17 -> history.hold();
            case 18 -> history.letGo();
            case 19 -> history.pass(Duration.ofSeconds(digits.next(4)));
            case 20 -> history.setClock(Duration.ofMinutes(digits.next(3) - 1));
            case 21, 22 -> history.setCounters(List.of("arm", "turn").get(digits.next(2)), index / 2 + digits.next(3));
            default -> history.restart();
        }
    }

    private static Request request(Digits digits, int index, History history) {
        String method = List.of("up", "down", "turn").get(digits.next(3));
        String deed = List.of("do", "do", "do", "refuse", "fail", "break").get(digits.next(6));
        Request request = Request.of(method).with(JsonText.string(deed + " step " + index));
        switch (digits.next(5)) {
            case 0 -> {}
            // Two callers count on their own, and meet in one lane.
            case 1, 2 -> request = request.sequence(1 + index / 2 + digits.next(3));
            case 3 -> {
                int sequence = 1 + index / 2 + digits.next(3);
                request = request.after(sequence, Math.max(0, sequence - 1 - digits.next(3)));
            }
            default -> request = request.inEpoch(1 + index, digits.next(3) == 2 ? FOREIGN : history.epoch(method));
        }
        return switch (digits.next(4)) {
            case 0 -> request;
            case 1 -> request.key("key " + digits.next(3), "digest");
            case 2 -> request.key("key " + digits.next(6), "digest " + digits.next(2));
            default -> digits.next(3) == 0 ? request.replayOnly("key " + digits.next(3)) : request;
        };
    }

    private static final class Digits {
        private int left;

        Digits(int number) {
            left = number;
        }

        int next(int bound) {
            int digit = left % bound;
            left /= bound;
            return digit;
        }
    }
}
