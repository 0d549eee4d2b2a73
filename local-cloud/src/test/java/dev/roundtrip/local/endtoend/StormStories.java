package dev.roundtrip.local.endtoend;

import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Journal;
import dev.roundtrip.local.journal.Step;
import dev.roundtrip.local.story.Outcome;
import dev.roundtrip.local.story.Stories;
import dev.roundtrip.local.story.Story;
import dev.roundtrip.protocol.ClientPrefix;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Follows the journal through a storm, as a console does, and holds each call's story against what its caller was told
 * and what its device got.
 */
final class StormStories implements AutoCloseable {
    private static final int BATCH = 4_096;
    private static final long PAUSE_NANOS = 2_000_000;
    /** The API's own steps, which a request has once, in this order. */
    private static final List<Step> ONCE = List.of(Step.RECEIVED, Step.AUTHORIZED, Step.HANDED_OVER, Step.TOLD);

    private final Journal journal;
    private final Stories stories;
    private final Map<String, Integer> ends = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final Thread reader;
    private volatile boolean ended;
    private long next;

    /** Begins to read.
     *
     * @param calls more than there will be, repeated ones included
     */
    StormStories(Journal journal, ClientPrefix prefix, int calls) {
        this.journal = journal;
        this.stories = new Stories(prefix, calls, journal.first());
        this.reader = Thread.ofPlatform().name("storm-stories").daemon().start(this::read);
    }

    private void read() {
        boolean last;
        do {
            last = ended;
            for (List<Entry> some = some(); !some.isEmpty(); some = some()) {
                some.forEach(this::take);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        } while (!last);
    }

    private List<Entry> some() {
        return journal.entries(next, BATCH);
    }

    private void take(Entry entry) {
        if (entry.sequence() != next && journal.first() <= next) {
            violations.add("entries " + next + " to " + entry.sequence() + " are missing, and the ring has them");
        } else if (entry.sequence() != next) {
            violations.add("the ring went round before " + next + " was read");
        }
        next = entry.sequence() + 1;
        Story story = stories.add(entry);
        if (story != null) {
            ends.merge(ending(Objects.requireNonNull(story.outcome())), 1, Integer::sum);
        }
    }

    private static String ending(Outcome outcome) {
        return outcome.status() + " " + (outcome.result() == null ? "" : outcome.result());
    }

    /** Reads to the end, and judges.
     *
     * @return what does not agree
     */
    List<String> judge(List<StormEnding> endings, StormLedger ledger) throws InterruptedException {
        close();
        judgeBounds();
        Map<String, Integer> told = new HashMap<>();
        for (StormEnding ending : endings) {
            told.merge(ending.status() + " " + ending.result(), 1, Integer::sum);
            if (!ending.id().isEmpty()) {
                judge(ending, ledger);
            }
        }
        if (!told.equals(ends)) {
            violations.add("callers were told " + told + ", and the journal has " + ends);
        }
        return violations;
    }

    private void judge(StormEnding ending, StormLedger ledger) {
        Story story = stories.find(ending.id());
        if (story == null || !story.isComplete()) {
            violations.add("the journal has no story, or no end, of " + ending);
            return;
        }
        Outcome outcome = Objects.requireNonNull(story.outcome());
        require(
                outcome.status() == ending.status() && ending.result().equals(outcome.result()),
                ending,
                story,
                "its caller was told something else");
        require(!story.mayLack(), ending, story, "steps may be missing");
        for (Step step : ONCE) {
            require(count(story, step) == 1, ending, story, "it has not one step " + step);
        }
        require(
                story.steps().stream()
                        .map(Entry::step)
                        .filter(ONCE::contains)
                        .toList()
                        .equals(ONCE),
                ending,
                story,
                "its steps are not in order");
        boolean reached = !ledger.of(ending.id()).isEmpty();
        boolean sent = story.steps().stream()
                .anyMatch(step -> step.step() == Step.SENT
                        && Objects.equals(step.client(), story.target())
                        && String.valueOf(step.subject()).endsWith("/" + ending.id()));
        require(!reached || sent, ending, story, "its device got it, and no step says that it was sent");
        boolean answeredByDevice = story.steps().stream()
                .anyMatch(step -> step.step() == Step.PUBLISHED
                        && Objects.equals(step.client(), story.target())
                        && String.valueOf(step.subject()).endsWith("/ack"));
        require(!answeredByDevice || reached, ending, story, "its device answered, and never got it");
        Set<Step> answered = EnumSet.of(Step.PUBLISHED, Step.SENT);
        require(
                ending.status() != 200 || answered.stream().allMatch(step -> ofAnswer(story, step)),
                ending,
                story,
                "it was answered, and the answer's steps are missing");
    }

    private static boolean ofAnswer(Story story, Step step) {
        return story.steps().stream()
                .anyMatch(each ->
                        each.step() == step && String.valueOf(each.subject()).endsWith("/ack"));
    }

    private static long count(Story story, Step step) {
        return story.steps().stream().filter(each -> each.step() == step).count();
    }

    private void judgeBounds() {
        Journal.Bounds bounds = journal.bounds();
        int kept = journal.entries(0, Integer.MAX_VALUE).size();
        if (kept > bounds.entries() || journal.payloadBytes() > bounds.payloadBytes()) {
            violations.add("the journal keeps " + kept + " entries and " + journal.payloadBytes() + " bytes, more than "
                    + bounds);
        }
    }

    private void require(boolean holds, StormEnding ending, Story story, String otherwise) {
        if (!holds) {
            StringBuilder all = new StringBuilder("the journal disagrees: ")
                    .append(otherwise)
                    .append('\n')
                    .append(ending);
            story.steps()
                    .forEach(step -> all.append("\n  ")
                            .append(step.sequence())
                            .append(' ')
                            .append(step.step())
                            .append(' ')
                            .append(step.client())
                            .append(' ')
                            .append(step.subject())
                            .append(' ')
                            .append(step.detail()));
            violations.add(all.toString());
        }
    }

    /** Ends the reading, with what is there. */
    @Override
    public void close() throws InterruptedException {
        ended = true;
        reader.join();
    }
}
