package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.endtoend.Work.Cancel;
import dev.roundtrip.local.endtoend.Work.Promise;
import dev.roundtrip.local.endtoend.Work.Record;
import dev.roundtrip.local.endtoend.Work.Timer;
import dev.roundtrip.local.endtoend.WorkJudge.Seen;
import dev.roundtrip.local.endtoend.WorkLine.Kind;
import dev.roundtrip.local.endtoend.WorkPlan.End;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The judge of killed jobs and commands sees what is wrong. */
class WorkJudgeTest {
    private static final String ONCE =
            "1 BEGAN -,1 REMEMBERED runs=1,1 STEP 1,1 REMEMBERED steps=1,1 ENDED SUCCEEDED," + "1 LEFT -";
    private static final Map<String, String> RUN_ONCE = Map.of("runs", "1", "steps", "1");
    private static final Map<String, String> RUN_TWICE = Map.of("runs", "2", "steps", "1");

    private Promise promise = new Promise(0, Timer.NONE, Cancel.NONE);
    private List<Seen> seen = List.of();

    private static List<WorkLine> ledger(Kind kind, String lines) {
        return Stream.of(lines.split(",", -1))
                .filter(line -> !line.isEmpty())
                .map(line -> line.split(" ", 2))
                .map(line -> WorkLine.read(line[0] + " pump " + kind + " a 1 " + line[1]))
                .toList();
    }

    /** Judges one execution, with the device's process 2 at work. */
    private String judgement(Kind kind, String lines, Record... executions) {
        Work work = new Work(kind, "pump", "a", new WorkPlan(1, 0, End.SUCCEEDED), promise, List.of(executions));
        return String.join("\n", new WorkJudge(ledger(kind, lines)).judge(List.of(work), seen, 2));
    }

    private String job(String lines, String status, Map<String, String> details) {
        return judgement(Kind.JOB, lines, new Record(status, details));
    }

    @Test
    void work_that_was_done_once_is_well() {
        assertThat(job(ONCE, "SUCCEEDED", RUN_ONCE)).isEmpty();
        assertThat(judgement(
                        Kind.COMMAND,
                        "1 BEGAN -,1 STEP 1,1 ENDED SUCCEEDED,1 LEFT -",
                        new Record("SUCCEEDED", Map.of())))
                .isEmpty();
    }

    @Test
    void job_that_a_power_cut_repeats_is_well_when_the_record_says_so() {
        String twice = "1 BEGAN -,1 REMEMBERED runs=1,1 STEP 1,2 BEGAN -,2 REMEMBERED runs=2,2 STEP 1,"
                + "2 REMEMBERED steps=1,2 ENDED SUCCEEDED,2 LEFT -";

        assertThat(job(twice, "SUCCEEDED", RUN_TWICE)).isEmpty();
        assertThat(job(twice.replace("runs=2", "steps=0"), "SUCCEEDED", RUN_ONCE))
                .contains("2 runs had an effect");
    }

    @Test
    void lost_and_stuck_executions_are_seen() {
        assertThat(judgement(Kind.JOB, "")).contains("it is lost");
        assertThat(job("", "QUEUED", Map.of())).contains("it is stuck");
        assertThat(judgement(Kind.COMMAND, "1 BEGAN -", new Record("IN_PROGRESS", Map.of())))
                .contains("it is stuck");
    }

    @Test
    void execution_that_nobody_asked_for_is_seen() {
        List<String> judged = new WorkJudge(ledger(Kind.COMMAND, "1 BEGAN -")).judge(List.of(), List.of(), 1);

        assertThat(judged.toString()).contains("the cloud does not know it");
    }

    @Test
    void end_that_no_device_said_is_seen() {
        assertThat(job("", "SUCCEEDED", Map.of())).contains("no device said that it succeeded", "step 1 was not done");
        assertThat(job(ONCE, "FAILED", RUN_ONCE)).contains("no device said that it failed");
        assertThat(job(ONCE, "REJECTED", RUN_ONCE)).contains("no device said that it rejects it", "it was begun");
        assertThat(job(ONCE, "CANCELED", RUN_ONCE)).contains("nobody cancelled it");
        assertThat(job(ONCE, "TIMED_OUT", RUN_ONCE)).contains("it has no timer");
    }

    @Test
    void acknowledged_cancellation_that_is_not_kept_is_seen() {
        promise = new Promise(0, Timer.NONE, Cancel.DONE);

        assertThat(job(ONCE, "SUCCEEDED", RUN_ONCE)).contains("its cancellation was acknowledged");
        assertThat(job(ONCE, "CANCELED", RUN_ONCE)).isEmpty();
    }

    @Test
    void step_that_is_done_again_although_it_was_remembered_is_seen() {
        String again = "1 BEGAN -,1 REMEMBERED runs=1,1 STEP 1,1 REMEMBERED steps=1,2 BEGAN -,2 REMEMBERED runs=2,"
                + "2 STEP 1,2 ENDED SUCCEEDED,2 LEFT -";

        assertThat(job(again, "SUCCEEDED", RUN_TWICE)).contains("step 1 was done again after it was remembered");
    }

    @Test
    void memory_that_the_record_lost_is_seen() {
        assertThat(job(ONCE, "SUCCEEDED", Map.of("runs", "1"))).contains("the record forgot steps=1");
    }

    @Test
    void handler_that_is_called_twice_is_seen() {
        assertThat(job(ONCE + ",1 BEGAN -", "SUCCEEDED", RUN_ONCE)).contains("one process ran it twice");
        assertThat(judgement(
                        Kind.COMMAND,
                        "1 BEGAN -,2 BEGAN -,2 STEP 1,2 ENDED SUCCEEDED",
                        new Record("SUCCEEDED", Map.of())))
                .contains("two processes ran the command");
    }

    @Test
    void two_jobs_at_once_are_seen() {
        List<WorkLine> lines = Stream.of("1 pump JOB a 1 BEGAN -", "1 pump JOB b 1 BEGAN -", "1 lamp JOB a 1 BEGAN -")
                .map(WorkLine::read)
                .toList();

        assertThat(new WorkJudge(lines)
                        .judge(List.of(), List.of(), 1).stream()
                                .filter(complaint -> complaint.contains("while another job was at work")))
                .hasSize(1);
    }

    @Test
    void result_that_never_arrives_is_seen_while_its_device_lives() {
        promise = new Promise(0, Timer.RUNS, Cancel.NONE);
        Record timedOut = new Record("TIMED_OUT", Map.of());

        assertThat(judgement(Kind.COMMAND, "2 BEGAN -,2 STEP 1,2 ENDED SUCCEEDED", timedOut))
                .contains("its result is lost");
        assertThat(judgement(Kind.COMMAND, "1 BEGAN -,1 STEP 1,1 ENDED SUCCEEDED", timedOut))
                .isEmpty();
    }

    @Test
    void retries_are_as_promised() {
        String failed = "1 BEGAN -,1 ENDED FAILED,1 LEFT -";
        Record first = new Record("FAILED", Map.of());
        Record second = new Record("CANCELED", Map.of());
        assertThat(judgement(Kind.JOB, failed, first, second)).contains("it was tried again");

        promise = new Promise(1, Timer.NONE, Cancel.NONE);
        assertThat(judgement(Kind.JOB, failed, first)).contains("it was not tried again");
    }

    @Test
    void end_that_changes_and_work_that_begins_after_it_are_seen() {
        Work.Record record = new Record("SUCCEEDED", RUN_ONCE);
        seen = List.of(new Seen(new WorkLine.Key(Kind.JOB, "pump", "a", 1), "FAILED", 6));
        assertThat(judgement(Kind.JOB, ONCE, record)).contains("it was over as FAILED and is SUCCEEDED");

        seen = List.of(new Seen(new WorkLine.Key(Kind.JOB, "pump", "a", 1), "SUCCEEDED", 6));
        assertThat(judgement(Kind.JOB, ONCE, record)).isEmpty();
        assertThat(judgement(Kind.JOB, ONCE + ",2 BEGAN -", record)).contains("it ran again after it was over");
    }
}
