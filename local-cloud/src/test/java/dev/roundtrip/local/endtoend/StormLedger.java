package dev.roundtrip.local.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.responder.Command;
import dev.roundtrip.device.responder.CommandEvent;
import dev.roundtrip.device.responder.CommandListener;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What really happened at the devices, command by command. Thread-safe. */
final class StormLedger implements CommandListener {
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final Queue<Command> orderedRuns = new ConcurrentLinkedQueue<>();
    private final AtomicInteger discarded = new AtomicInteger();

    /** What happened to the commands of one message id. */
    static final class Page {
        private final Command command;
        private final List<Entry> entries = new CopyOnWriteArrayList<>();

        private Page(Command command) {
            this.command = command;
        }

        JsonNode request() {
            return command.request().tree();
        }

        Instant deadline() {
            return command.deadline();
        }

        List<Instant> runs() {
            return entries.stream()
                    .filter(entry -> entry.event() instanceof CommandEvent.Ran)
                    .map(entry -> ((CommandEvent.Ran) entry.event()).at())
                    .toList();
        }

        boolean wasRefused() {
            return entries.stream().anyMatch(entry -> entry.event() instanceof CommandEvent.Refused);
        }

        boolean wasRefusedFor(String code) {
            return entries.stream()
                    .anyMatch(entry -> entry.event() instanceof CommandEvent.Refused refused
                            && refused.reason().code().equals(code));
        }

        /** For a person who reads what went wrong. */
        @Override
        public String toString() {
            StringBuilder story = new StringBuilder("  deadline " + deadline());
            entries.forEach(entry -> story.append("\n  ").append(entry));
            return story.toString();
        }
    }

    private record Entry(Instant noted, CommandEvent event) {
        @Override
        public String toString() {
            String what = switch (event) {
                case CommandEvent.Received received -> "received";
                case CommandEvent.Ran ran -> "ran at " + ran.at();
                case CommandEvent.Repeated repeated -> "repeated";
                case CommandEvent.Refused refused -> "refused: " + refused.reason();
                case CommandEvent.Answered answered -> "answered " + answered.outcome();
                case CommandEvent.Unanswered unanswered -> "unanswered: " + unanswered.reason();
                case CommandEvent.Discarded dropped -> "discarded: " + dropped.reason();
            };
            return noted + " " + what;
        }
    }

    @Override
    public void on(CommandEvent event) {
        switch (event) {
            case CommandEvent.Received received -> note(received.command(), event);
            case CommandEvent.Ran ran -> {
                if (ran.command().order() != null) {
                    orderedRuns.add(ran.command());
                }
                note(ran.command(), event);
            }
            case CommandEvent.Repeated repeated -> note(repeated.command(), event);
            case CommandEvent.Refused refused -> note(refused.command(), event);
            case CommandEvent.Answered answered -> note(answered.command(), event);
            case CommandEvent.Unanswered unanswered -> note(unanswered.command(), event);
            case CommandEvent.Discarded dropped -> discarded.incrementAndGet();
        }
    }

    private void note(Command command, CommandEvent event) {
        pages.computeIfAbsent(command.id().toString(), absent -> new Page(command))
                .entries
                .add(new Entry(Instant.now(), event));
    }

    /** The page of a call; one without entries when nothing of it ever came. */
    List<Page> of(String id) {
        Page page = pages.get(id);
        return page == null ? List.of() : List.of(page);
    }

    /** The commands with a sequence that ran, as they began. */
    List<Command> orderedRuns() {
        return List.copyOf(orderedRuns);
    }

    /** How often what happened, by a word for each. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        pages.values().forEach(page -> page.entries.forEach(entry -> counts.merge(word(entry.event()), 1L, Long::sum)));
        counts.put("commands", (long) pages.size());
        return counts;
    }

    private static String word(CommandEvent event) {
        return switch (event) {
            case CommandEvent.Received received -> "received";
            case CommandEvent.Ran ran -> "ran";
            case CommandEvent.Repeated repeated -> "repeated";
            case CommandEvent.Refused refused -> "refused";
            case CommandEvent.Answered answered -> "answered";
            case CommandEvent.Unanswered unanswered -> "unanswered";
            case CommandEvent.Discarded dropped -> "discarded";
        };
    }

    Set<String> ids() {
        return pages.keySet();
    }

    /** Messages that were no commands. */
    int discarded() {
        return discarded.get();
    }
}
