package dev.roundtrip.local.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.responder.Command;
import dev.roundtrip.local.endtoend.StormLedger.Page;
import dev.roundtrip.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Holds what callers were told against what really happened. */
final class StormJudge {
    /** The error with which a device of the storm fails when it is told to. */
    static final String TOLD_TO_FAIL = "told_to_fail";

    /** Clocks are read one after another. */
    private static final Duration BLINK = Duration.ofMillis(100);

    private final StormLedger ledger;
    private final Map<String, List<JsonNode>> linesById = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    /** How often something ran for each key. */
    private final Map<String, Integer> runsByKey = new HashMap<>();

    StormJudge(StormLedger ledger, List<String> log) {
        this.ledger = ledger;
        for (String line : log) {
            JsonNode read = read(line);
            if (read.path("event").asText().equals("call")) {
                linesById
                        .computeIfAbsent(read.path("id").asText(), absent -> new ArrayList<>())
                        .add(read);
            }
        }
    }

    private static JsonNode read(String line) {
        try {
            return Json.mapper().readTree(line);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Everything that is not as it should be, each with the call's whole story; empty when all is well. */
    List<String> judge(List<StormEnding> endings) {
        Set<String> known = new HashSet<>();
        countRunsByKey(endings);
        for (StormEnding ending : endings) {
            if (!ending.id().isEmpty() && !known.add(ending.id())) {
                violate(ending, "its id is another call's too");
            }
            judge(ending);
        }
        judgeOrder();
        for (String id : ledger.ids()) {
            if (!known.contains(id)) {
                violations.add("a device got a command that belongs to no call: " + id + "\n"
                        + ledger.of(id).getFirst());
            }
        }
        return violations;
    }

    private void countRunsByKey(List<StormEnding> endings) {
        for (StormEnding ending : endings) {
            String key = ending.call().key();
            if (key != null) {
                int runs = ledger.of(ending.id()).stream()
                        .mapToInt(page -> page.runs().size())
                        .sum();
                require(
                        runsByKey.merge(key, runs, Integer::sum) <= 1,
                        ending,
                        "it ran " + runsByKey.get(key) + " times for one key");
            }
        }
    }

    /** In each lane, later runs have greater sequences. */
    private void judgeOrder() {
        Map<String, Long> last = new HashMap<>();
        for (Command command : ledger.orderedRuns()) {
            String lane = command.route().target() + "/" + command.method();
            long sequence = Objects.requireNonNull(command.order()).sequence();
            Long before = last.put(lane, sequence);
            if (before != null && before >= sequence) {
                violations.add(lane + ": " + sequence + " ran after " + before);
            }
        }
    }

    private void judge(StormEnding ending) {
        List<Page> pages = ledger.of(ending.id());
        List<Instant> runs =
                pages.stream().flatMap(page -> page.runs().stream()).toList();
        for (Page page : pages) {
            require(page.request().equals(ending.call().request()), ending, "the device got another request");
            for (Instant run : runs) {
                require(!run.isAfter(page.deadline()), ending, "it ran after its deadline");
                require(!run.isAfter(ending.told().plus(BLINK)), ending, "it ran after its caller was told the end");
            }
        }
        require(runs.size() <= 1, ending, "it ran " + runs.size() + " times");
        if (!ending.id().isEmpty()) {
            List<JsonNode> lines = linesById.getOrDefault(ending.id(), List.of());
            require(
                    lines.size() == 1
                            && lines.getFirst().path("result").asText().equals(ending.result()),
                    ending,
                    "the log tells of other endings: " + lines);
        }
        // An outcome that is told again is that of an attempt before.
        boolean ranBefore =
                ending.isReplayed() && runsByKey.getOrDefault(ending.call().key(), 0) > 0;
        byStatus(ending, pages, !runs.isEmpty() || ranBefore);
    }

    private void byStatus(StormEnding ending, List<Page> pages, boolean ran) {
        StormCall call = ending.call();
        switch (ending.status()) {
            case 200 -> {
                require(ran, ending, "it did not run");
                require(ending.body().path("response").equals(call.answer()), ending, "it got another answer");
            }
            case 502 -> require(isTrueFailure(ending, pages, ran), ending, "the device tells another story");
            case 504 ->
                require(
                        ending.body().path("elapsed").asLong() >= call.timeoutSeconds() * 1000L,
                        ending,
                        "the time was not over");
            case 503, 429 ->
                require(pages.isEmpty() || isTrueRefusal(ending, pages, ran), ending, "it reached its device");
            case 409 -> require(isTrueRefusal(ending, pages, ran), ending, "the device tells another story");
            case 413 ->
                require(call.promise() == StormCall.Promise.TOO_LARGE && pages.isEmpty(), ending, "nothing was large");
            case 400 ->
                require(call.promise() == StormCall.Promise.INVALID && pages.isEmpty(), ending, "nothing was wrong");
            default -> violate(ending, "there is no such ending");
        }
        if (call.promise() != StormCall.Promise.ANYTHING) {
            require(List.of(400, 413, 429).contains(ending.status()), ending, "it should have been refused");
        }
    }

    private boolean isTrueFailure(StormEnding ending, List<Page> pages, boolean ran) {
        return switch (ending.errorCode()) {
            case TOLD_TO_FAIL -> !ran && !pages.isEmpty();
            // A device that garbles its answers garbles what it says of an attempt before, and its refusals.
            case "unreadable_answer" ->
                ran
                        || runsByKey.getOrDefault(ending.call().key(), 0) > 0
                        || pages.stream().anyMatch(Page::wasRefused);
            default -> ran && ending.call().answer() == null;
        };
    }

    private static boolean isTrueRefusal(StormEnding ending, List<Page> pages, boolean ran) {
        return !ran && pages.stream().anyMatch(page -> page.wasRefusedFor(ending.errorCode()));
    }

    private void require(boolean holds, StormEnding ending, String otherwise) {
        if (!holds) {
            violate(ending, otherwise);
        }
    }

    private void violate(StormEnding ending, String what) {
        StringBuilder story = new StringBuilder(what).append('\n').append(ending);
        ledger.of(ending.id()).forEach(page -> story.append('\n').append(page));
        linesById
                .getOrDefault(ending.id(), List.of())
                .forEach(line -> story.append("\n  log ").append(line));
        violations.add(story.toString());
    }
}
