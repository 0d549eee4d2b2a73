package dev.roundtrip.local.endtoend;

import dev.roundtrip.local.endtoend.Work.Cancel;
import dev.roundtrip.local.endtoend.Work.Execution;
import dev.roundtrip.local.endtoend.WorkLine.Event;
import dev.roundtrip.local.endtoend.WorkLine.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Holds what devices really did against what the cloud has of it: no execution is lost, none is stuck, and none ran
 * twice unless the record says so.
 */
final class WorkJudge {
    private static final Set<String> OF_A_DEVICE = Set.of("SUCCEEDED", "FAILED", "REJECTED");

    private final List<WorkLine> ledger;
    private final Map<WorkLine.Key, List<WorkLine>> byExecution = new LinkedHashMap<>();
    private final List<String> complaints = new ArrayList<>();

    WorkJudge(List<WorkLine> ledger) {
        this.ledger = ledger;
        ledger.forEach(line -> byExecution
                .computeIfAbsent(line.key(), absent -> new ArrayList<>())
                .add(line));
    }

    /** An execution that the cloud had described as over when the ledger had so many lines. */
    record Seen(WorkLine.Key key, String status, int lines) {}

    /** Everything that is wrong, each with the execution's lines; empty when all is well.
     *
     * @param works all that was acknowledged, or is known to be there
     * @param seen what must not change any more
     * @param boot the process of the device that runs now: what it has to say arrives
     */
    List<String> judge(List<Work> works, List<Seen> seen, int boot) {
        Set<WorkLine.Key> known = new HashSet<>();
        Map<WorkLine.Key, String> statuses = new HashMap<>();
        for (Work work : works) {
            if (work.executions().isEmpty()) {
                complain(work.key(1), "it is lost: the cloud does not know it", null);
            }
            for (int number = 1; number <= work.executions().size(); number++) {
                known.add(work.key(number));
                statuses.put(work.key(number), work.executions().get(number - 1).status());
                judge(work, number, boot);
            }
            if (work.promise().cancel() == Cancel.DONE
                    && !work.executions().isEmpty()
                    && !work.executions().getLast().status().equals("CANCELED")) {
                complain(
                        work.key(work.executions().size()),
                        "its cancellation was acknowledged",
                        work.executions().getLast());
            }
        }
        byExecution.keySet().stream()
                .filter(key -> !known.contains(key))
                .forEach(key -> complain(key, "a device ran it" + ", and the cloud does not know it", null));
        judgeTurns();
        seen.forEach(before -> judge(before, statuses.getOrDefault(before.key(), "gone")));
        return complaints;
    }

    private void judge(Work work, int number, int boot) {
        WorkLine.Key key = work.key(number);
        Execution record = work.executions().get(number - 1);
        List<WorkLine> lines = byExecution.getOrDefault(key, List.of());
        require(record.isOver(), key, "it is stuck", record);
        switch (record.status()) {
            case "SUCCEEDED" -> {
                require(hasEnded(lines, "SUCCEEDED"), key, "no device said that it succeeded", record);
                for (int step = 1; step <= work.plan().steps(); step++) {
                    require(
                            count(lines, Event.STEP, Integer.toString(step)) > 0,
                            key,
                            "step " + step + " was not done",
                            record);
                }
            }
            case "FAILED" -> require(hasEnded(lines, "FAILED"), key, "no device said that it failed", record);
            case "REJECTED" -> {
                require(hasEnded(lines, "REJECTED"), key, "no device said that it rejects it", record);
                require(lines.stream().noneMatch(line -> line.event() == Event.STEP), key, "it was begun", record);
            }
            case "CANCELED" -> require(work.promise().cancel() != Cancel.NONE, key, "nobody cancelled it", record);
            case "TIMED_OUT" -> {
                require(work.promise().timer() == Work.Timer.RUNS, key, "it has no timer", record);
                require(
                        work.kind() == Kind.JOB
                                || lines.stream().noneMatch(line -> line.event() == Event.ENDED && line.boot() == boot),
                        key,
                        "its result is lost, and its device has it",
                        record);
            }
            default -> {
                // Stuck, as said above.
            }
        }
        judgeRuns(key, lines, record);
        judgeRetry(work, number, record);
    }

    /** A handler that is called again is called by another process; what the service has acknowledged is not done
     * again; and the record counts the runs.
     */
    private void judgeRuns(WorkLine.Key key, List<WorkLine> lines, Execution record) {
        Map<Integer, Long> runs = lines.stream()
                .filter(line -> line.event() == Event.BEGAN)
                .collect(Collectors.groupingBy(WorkLine::boot, Collectors.counting()));
        require(runs.values().stream().allMatch(times -> times == 1), key, "one process ran it twice", record);
        require(key.kind() == Kind.JOB || runs.size() <= 1, key, "two processes ran the command", record);
        Map<String, Integer> remembered = new HashMap<>();
        for (WorkLine line : lines) {
            if (line.event() == Event.REMEMBERED) {
                String[] pair = line.detail().split("=", 2);
                remembered.merge(pair[0], Integer.parseInt(pair[1]), Math::max);
            } else if (line.event() == Event.STEP) {
                require(
                        Integer.parseInt(line.detail()) > remembered.getOrDefault("steps", 0),
                        key,
                        "step " + line.detail() + " was done again after it was remembered",
                        record);
            }
        }
        remembered.forEach((name, value) ->
                require(record.number(name) >= value, key, "the record forgot " + name + "=" + value, record));
        if (key.kind() == Kind.JOB) {
            long effective = lines.stream()
                    .filter(line -> line.event() == Event.STEP)
                    .map(WorkLine::boot)
                    .distinct()
                    .count();
            require(effective <= record.number("runs"), key, effective + " runs had an effect", record);
        }
    }

    private void judgeRetry(Work work, int number, Execution record) {
        boolean isTriedAgain = work.executions().size() > number;
        boolean mayBe =
                record.status().equals("FAILED") && number <= work.promise().retries();
        require(mayBe || !isTriedAgain, work.key(number), "it was tried again", record);
        require(
                !mayBe || isTriedAgain || work.promise().cancel() != Cancel.NONE,
                work.key(number),
                "it was not tried again",
                record);
    }

    /** A thing carries out one job at a time. */
    private void judgeTurns() {
        Map<String, WorkLine> atWork = new HashMap<>();
        for (WorkLine line : ledger) {
            if (line.kind() == Kind.JOB) {
                String turn = line.thing() + " " + line.boot();
                if (line.event() == Event.BEGAN) {
                    WorkLine other = atWork.put(turn, line);
                    if (other != null) {
                        complain(line.key(), "it began while another job was at work: " + other, null);
                    }
                } else if (line.event() == Event.LEFT) {
                    atWork.remove(turn);
                }
            }
        }
    }

    private void judge(Seen before, String status) {
        // A device may still say how a command ended whose time is over.
        boolean mayChange =
                before.key().kind() == Kind.COMMAND && before.status().equals("TIMED_OUT");
        if (!status.equals(before.status()) && !mayChange) {
            complain(before.key(), "it was over as " + before.status() + " and is " + status, null);
        }
        boolean isRunAgain = ledger.stream()
                .skip(before.lines())
                .anyMatch(line -> line.event() == Event.BEGAN && line.key().equals(before.key()));
        if (isRunAgain && OF_A_DEVICE.contains(before.status())) {
            complain(before.key(), "it ran again after it was over as " + before.status(), null);
        }
    }

    private static boolean hasEnded(List<WorkLine> lines, String status) {
        return count(lines, Event.ENDED, status) > 0;
    }

    private static long count(List<WorkLine> lines, Event event, String detail) {
        return lines.stream()
                .filter(line -> line.event() == event && line.detail().equals(detail))
                .count();
    }

    private void require(boolean isSo, WorkLine.Key key, String complaint, Execution record) {
        if (!isSo) {
            complain(key, complaint, record);
        }
    }

    private void complain(WorkLine.Key key, String complaint, @Nullable Execution record) {
        complaints.add(key + ": " + complaint + "\n  record: " + record
                + byExecution.getOrDefault(key, List.of()).stream()
                        .map(line -> "\n  " + line)
                        .collect(Collectors.joining()));
    }
}
