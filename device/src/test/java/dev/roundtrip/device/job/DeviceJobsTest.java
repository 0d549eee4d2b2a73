package dev.roundtrip.device.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.update.Patience;
import dev.roundtrip.protocol.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A device's jobs against a service that a test plays. */
class DeviceJobsTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Patience SHORT =
            new Patience(Duration.ofMillis(500), Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofSeconds(20));

    private final PlayedJobs service = new PlayedJobs();
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private final Queue<String> ran = new ConcurrentLinkedQueue<>();
    private final List<DeviceJobs> open = new ArrayList<>();

    private DeviceJobs device(Consumer<JobBuilder> description) {
        JobBuilder builder = new JobBuilder(Json.mapper()).rules(new JobRules(null, null, SHORT));
        description.accept(builder);
        DeviceJobs made = new DeviceJobs("pump", builder.table(), service, troubles::add);
        open.add(made);
        return made;
    }

    @AfterEach
    void close() {
        open.forEach(DeviceJobs::close);
    }

    private void awaitStatus(String jobId, String status) {
        await().atMost(LONG).until(() -> service.status(jobId).equals(status));
    }

    private JobResult note(JobExecution execution) {
        ran.add(execution.jobId() + "#" + execution.executionNumber());
        return JobResult.succeeded();
    }

    @Test
    void job_that_waits_and_one_that_is_notified_are_carried_out_in_order() {
        service.create("a", "{'operation':'note'}");
        service.create("b", "{'operation':'note'}");
        DeviceJobs device = device(jobs -> jobs.on("note", this::note));

        service.connect(device);
        awaitStatus("b", "SUCCEEDED");
        service.create("c", "{'operation':'note'}");
        awaitStatus("c", "SUCCEEDED");

        assertThat(ran).containsExactly("a#1", "b#1", "c#1");
        assertThat(troubles).isEmpty();
    }

    @Test
    void document_that_no_handler_understands_is_rejected_with_what_is_wrong() {
        record Start(int rpm) {}
        DeviceJobs device = device(jobs -> jobs.on("start", execution -> {
            execution.as(Start.class);
            return JobResult.succeeded();
        }));
        service.create("unknown", "{'operation':'fly'}");
        service.create("none", "{'x':1}");
        service.create("unfit", "{'operation':'start','rpm':'secret'}");

        service.connect(device);

        awaitStatus("unfit", "REJECTED");
        assertThat(service.details("unknown").path("reason").asText())
                .isEqualTo("the document's operation 'fly' is unknown; this device knows start");
        assertThat(service.details("none").path("reason").asText()).contains("no text 'operation'");
        assertThat(service.details("unfit").path("reason").asText())
                .isEqualTo("the job's document is no Start: see /rpm");
        assertThat(service.status("unknown")).isEqualTo("REJECTED");
    }

    @Test
    void status_details_are_the_memory_over_a_reboot() {
        service.create("a", "{'operation':'install'}");
        JobHandler installer = execution -> {
            ran.add(String.valueOf(execution.memory().get("stage")));
            if (!execution.memory().containsKey("stage")) {
                assertThat(execution.remember(Map.of("stage", "installed"))).isTrue();
                return JobResult.resumesAfterRestart();
            }
            return JobResult.succeeded();
        };
        DeviceJobs before = device(jobs -> jobs.on("install", installer));
        service.connect(before);
        await().atMost(LONG).until(() -> service.details("a").has("stage"));
        service.connect(before);
        before.close();

        service.connect(device(jobs -> jobs.on("install", installer)));

        awaitStatus("a", "SUCCEEDED");
        assertThat(ran).containsExactly("null", "installed");
        assertThat(service.details("a").path("stage").asText()).isEqualTo("installed");
    }

    @Test
    void retry_of_the_service_runs_and_a_duplicate_of_a_notification_does_not() {
        DeviceJobs device = device(jobs -> jobs.on("note", execution -> {
            note(execution);
            return execution.executionNumber() == 1 ? JobResult.failed("first") : JobResult.succeeded();
        }));
        service.create("a", "{'operation':'note'}");
        service.connect(device);
        awaitStatus("a", "FAILED");
        service.sendOldNotifications();
        service.connect(device);

        service.retry("a");

        awaitStatus("a", "SUCCEEDED");
        assertThat(ran).containsExactly("a#1", "a#2");
    }

    @Test
    void cancellation_ends_the_handler_and_the_next_job_begins() {
        CountDownLatch began = new CountDownLatch(1);
        DeviceJobs device = device(jobs -> jobs.on("note", this::note).on("wait", execution -> {
            began.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException cancelled) {
                ran.add("cancelled: " + execution.isCancelled());
            }
            return JobResult.succeeded();
        }));
        service.create("a", "{'operation':'wait'}");
        service.create("b", "{'operation':'note'}");
        service.connect(device);
        await().atMost(LONG).until(() -> began.getCount() == 0);

        service.forceCancel("a");

        awaitStatus("b", "SUCCEEDED");
        assertThat(ran).containsExactly("cancelled: true", "b#1");
        assertThat(service.status("a")).isEqualTo("CANCELED");
        assertThat(troubles).isEmpty();
    }

    @Test
    void cancellation_is_noticed_while_an_earlier_answer_is_on_its_way() {
        CountDownLatch began = new CountDownLatch(1);
        DeviceJobs device = device(jobs -> jobs.on("note", this::note).on("wait", execution -> {
            began.countDown();
            new CountDownLatch(1).await();
            return JobResult.succeeded();
        }));
        service.create("a", "{'operation':'wait'}");
        service.create("b", "{'operation':'note'}");
        service.connect(device);
        await().atMost(LONG).until(() -> began.getCount() == 0);
        service.meanwhile.add(() -> service.forceCancel("a"));

        service.connect(device);

        awaitStatus("b", "SUCCEEDED");
        assertThat(service.status("a")).isEqualTo("CANCELED");
    }

    @Test
    void cancellation_is_noticed_by_a_refused_update_too() {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        DeviceJobs device = device(jobs -> jobs.on("work", execution -> {
            began.countDown();
            cancelled.await();
            try {
                execution.remember(Map.of("percent", "50"));
            } finally {
                ran.add("cancelled: " + execution.isCancelled());
            }
            return JobResult.succeeded();
        }));
        service.create("a", "{'operation':'work'}");
        service.connect(device);
        await().atMost(LONG).until(() -> began.getCount() == 0);
        service.cancelUnheard("a");
        cancelled.countDown();

        await().atMost(LONG).until(() -> !ran.isEmpty());

        assertThat(ran).containsExactly("cancelled: true");
        assertThat(service.status("a")).isEqualTo("CANCELED");
    }

    @Test
    void refused_update_ends_no_handler_while_the_execution_stands() {
        service.faults.addAll(List.of("ResourceNotFound", "InvalidStateTransition"));
        DeviceJobs device = device(jobs -> jobs.on("work", execution -> {
            ran.add("known: " + execution.remember(Map.of("percent", "50")));
            return note(execution);
        }));
        service.create("a", "{'operation':'work'}");
        service.connect(device);

        awaitStatus("a", "SUCCEEDED");
        assertThat(ran).containsExactly("known: true", "a#1");
        assertThat(service.details("a").path("percent").asText()).isEqualTo("50");
    }

    @Test
    void update_that_the_service_calls_wrong_is_not_taken_for_known_and_the_outcome_is_told() {
        service.faults.addAll(List.of("InvalidRequest", "InvalidRequest"));
        DeviceJobs device = device(jobs -> jobs.on("work", execution -> {
            ran.add("known: " + execution.remember(Map.of("percent", "50")));
            return note(execution);
        }));
        service.create("a", "{'operation':'work'}");
        service.connect(device);

        awaitStatus("a", "SUCCEEDED");
        assertThat(ran).containsExactly("known: false", "a#1");
        assertThat(troubles)
                .hasSize(2)
                .allMatch("the service of jobs refuses an update of job a: InvalidRequest"::equals);
    }

    @Test
    void execution_that_is_handed_out_again_does_not_run_again_and_holds_up_no_other() {
        service.faults.addAll(List.of("InvalidRequest", "InvalidRequest"));
        DeviceJobs device = device(jobs -> jobs.on("note", this::note));
        service.create("a", "{'operation':'note'}");
        service.create("b", "{'operation':'note'}");

        service.connect(device);

        awaitStatus("b", "SUCCEEDED");
        assertThat(service.status("a")).isEqualTo("SUCCEEDED");
        assertThat(ran).containsExactly("a#1", "b#1");
    }

    @Test
    void outcome_that_is_told_again_and_again_in_vain_is_given_up_and_that_is_told() {
        service.faults.addAll(Collections.nCopies(100, "InvalidRequest"));
        service.create("a", "{'operation':'note'}");

        service.connect(device(jobs -> jobs.on("note", this::note)));

        await().atMost(LONG)
                .until(() -> troubles.stream().anyMatch(trouble -> trouble.contains("nothing more is told")));
        assertThat(ran).containsExactly("a#1");
        assertThat(service.status("a")).isEqualTo("IN_PROGRESS");
    }

    @Test
    void new_job_with_the_id_of_one_that_was_deleted_runs() {
        DeviceJobs device = device(jobs -> jobs.on("note", this::note));
        service.create("a", "{'operation':'note'}");
        service.connect(device);
        awaitStatus("a", "SUCCEEDED");

        service.delete("a");
        service.now += 1;
        service.create("a", "{'operation':'note'}");

        awaitStatus("a", "SUCCEEDED");
        assertThat(ran).containsExactly("a#1", "a#1");
    }

    @Test
    void job_that_takes_the_id_of_one_at_work_is_carried_out_itself() {
        CountDownLatch began = new CountDownLatch(1);
        DeviceJobs device = device(jobs -> jobs.on("wait", execution -> {
                    ran.add("wait");
                    began.countDown();
                    new CountDownLatch(1).await();
                    return JobResult.succeeded();
                })
                .on("fail", execution -> {
                    ran.add("fail");
                    return JobResult.failed("as it was asked to");
                }));
        service.create("a", "{'operation':'wait'}");
        service.connect(device);
        await().atMost(LONG).until(() -> began.getCount() == 0);

        service.delete("a");
        service.now += 1;
        service.create("a", "{'operation':'fail'}");

        awaitStatus("a", "FAILED");
        assertThat(ran).containsExactly("wait", "fail");
    }

    @Test
    void handler_that_is_done_although_the_device_is_closed_is_told() {
        CountDownLatch began = new CountDownLatch(1);
        DeviceJobs device = device(jobs -> jobs.on("wait", execution -> {
            began.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException closed) {
                ran.add("done");
            }
            return JobResult.succeeded();
        }));
        service.create("a", "{'operation':'wait'}");
        service.connect(device);
        await().atMost(LONG).until(() -> began.getCount() == 0);

        device.close();

        assertThat(service.status("a")).isEqualTo("SUCCEEDED");
        assertThat(ran).containsExactly("done");
    }

    @Test
    void job_that_is_cancelled_while_a_handler_is_waited_for_does_not_run() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        JobHandler deaf = execution -> {
            ran.add(execution.jobId());
            while (mayEnd.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
            }
            return JobResult.succeeded();
        };
        service.create("a", "{'operation':'wait'}");
        DeviceJobs before = device(jobs -> jobs.on("wait", deaf).on("note", this::note));
        service.connect(before);
        await().atMost(LONG).until(() -> !ran.isEmpty());
        before.close();
        service.connect(device(jobs -> jobs.on("wait", deaf).on("note", this::note)));
        await().atMost(LONG).until(() -> !troubles.isEmpty());

        service.create("b", "{'operation':'note'}");
        service.forceCancel("a");

        awaitStatus("b", "SUCCEEDED");
        assertThat(ran).containsExactly("a", "b#1");
        mayEnd.countDown();
    }

    @Test
    void handler_that_does_not_hear_its_interrupt_is_waited_for_by_the_next_device_of_the_process() {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger atWork = new AtomicInteger();
        JobHandler deaf = execution -> {
            ran.add(atWork.incrementAndGet() + " at work");
            began.countDown();
            while (mayEnd.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
            }
            atWork.decrementAndGet();
            return JobResult.succeeded();
        };
        service.create("a", "{'operation':'wait'}");
        DeviceJobs before = device(jobs -> jobs.on("wait", deaf));
        service.connect(before);
        await().atMost(LONG).until(() -> began.getCount() == 0);
        before.close();

        int handedOver = service.handedOver();
        service.connect(device(jobs -> jobs.on("wait", deaf)));
        await().atMost(LONG).until(() -> service.handedOver() > handedOver);
        mayEnd.countDown();

        awaitStatus("a", "SUCCEEDED");
        assertThat(ran).isNotEmpty().containsOnly("1 at work");
        assertThat(troubles).anyMatch(trouble -> trouble.contains("a closed device has left behind"));
    }

    @Test
    void handler_that_the_end_of_the_program_stops_is_told_nothing_of() {
        CountDownLatch began = new CountDownLatch(1);
        DeviceJobs device = device(jobs -> jobs.on("wait", execution -> {
            began.countDown();
            new CountDownLatch(1).await();
            return JobResult.succeeded();
        }));
        service.create("a", "{'operation':'wait'}");
        service.connect(device);
        await().atMost(LONG).until(() -> began.getCount() == 0);

        device.close();

        assertThat(service.status("a")).isEqualTo("IN_PROGRESS");
        assertThat(service.updates).isEmpty();
    }

    @Test
    void progress_beyond_ten_details_takes_away_nothing_that_was_remembered() {
        DeviceJobs device = device(jobs -> jobs.on("work", execution -> {
            execution.remember(Map.of("stage", "installed"));
            for (int pair = 0; pair < 20; pair++) {
                execution.progress(Map.of("k" + pair, "v"));
            }
            execution.remember(Map.of("stage", "verified", "k3", "mine"));
            return JobResult.resumesAfterRestart();
        }));
        service.create("a", "{'operation':'work'}");
        service.connect(device);

        await().atMost(LONG)
                .until(() -> service.details("a").path("stage").asText().equals("verified"));
        assertThat(service.details("a").path("k3").asText()).isEqualTo("mine");
        assertThat(service.details("a")).hasSize(10);
        assertThat(service.details("a").has("k19")).isTrue();
    }

    @Test
    void update_that_comes_late_takes_nothing_away_that_was_remembered_after_it() {
        service.faults.add("late");
        DeviceJobs device = device(jobs -> jobs.on("install", execution -> {
            execution.progress(Map.of("progress", "1"));
            assertThat(execution.remember(Map.of("stage", "installed"))).isTrue();
            return JobResult.resumesAfterRestart();
        }));
        service.create("a", "{'operation':'install'}");

        service.connect(device);

        await().atMost(LONG).until(() -> service.details("a").has("stage"));
        assertThat(service.details("a").path("progress").asText()).isEqualTo("1");
        assertThat(service.updates)
                .allSatisfy(update ->
                        assertThat(update.path("expectedVersion").asLong()).isPositive());
    }

    @Test
    void update_whose_answer_was_lost_holds_up_no_later_one() {
        service.faults.add("silent");
        DeviceJobs device = device(jobs -> jobs.on("install", execution -> {
            assertThat(execution.remember(Map.of("stage", "1"))).isTrue();
            assertThat(execution.remember(Map.of("stage", "2"))).isTrue();
            return JobResult.succeeded();
        }));
        service.create("a", "{'operation':'install'}");

        service.connect(device);

        awaitStatus("a", "SUCCEEDED");
        assertThat(service.details("a").path("stage").asText()).isEqualTo("2");
        assertThat(troubles).isEmpty();
    }

    @Test
    void memory_is_known_although_progress_goes_on_and_on() {
        CountDownLatch known = new CountDownLatch(1);
        DeviceJobs device = device(jobs -> jobs.on("install", execution -> {
            Thread hasty = Thread.ofVirtual().start(() -> {
                for (int done = 0; known.getCount() > 0; done++) {
                    execution.progress(Map.of("done", Integer.toString(done)));
                }
            });
            assertThat(execution.remember(Map.of("stage", "installed"))).isTrue();
            known.countDown();
            hasty.join();
            return JobResult.succeeded();
        }));
        service.create("a", "{'operation':'install'}");

        service.connect(device);

        awaitStatus("a", "SUCCEEDED");
    }

    @Test
    void service_that_starts_nothing_for_an_unknown_reason_is_asked_again() {
        service.refusals.addAll(List.of("Strange", "Strange", "RequestThrottled"));
        service.create("a", "{'operation':'note'}");

        service.connect(device(jobs -> jobs.on("note", this::note)));

        awaitStatus("a", "SUCCEEDED");
        assertThat(troubles).singleElement().asString().contains("Strange");
    }

    @Test
    void what_would_not_come_back_as_it_was_cannot_be_remembered() {
        Map<String, String> many = new HashMap<>();
        for (int pair = 0; pair < 11; pair++) {
            many.put("k" + pair, "v");
        }
        ReportedDetails details = new ReportedDetails(StatusDetails.NONE);

        for (Map<String, String> wrong :
                List.of(Map.of("a b", "x"), Map.of("a", ""), Map.of("a", "x".repeat(1_025)), Map.of("a", "\n"), many)) {
            assertThatIllegalArgumentException().isThrownBy(() -> details.remember(wrong));
        }
        assertThat(details.all().pairs()).isEmpty();
    }

    @Test
    void progress_of_an_earlier_start_makes_room_for_what_is_remembered() {
        Map<String, String> before = new HashMap<>();
        for (int pair = 0; pair < 10; pair++) {
            before.put("k" + pair, "v");
        }
        ReportedDetails details = new ReportedDetails(new StatusDetails(before));
        assertThatIllegalArgumentException().isThrownBy(() -> details.remember(Map.of("stage", "2")));

        details.progress(Map.of("k4", "w"));
        details.remember(Map.of("stage", "2"));

        assertThat(details.all().pairs())
                .hasSize(10)
                .containsEntry("stage", "2")
                .doesNotContainKey("k4");
    }

    @Test
    void old_notifications_do_not_cancel() {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        DeviceJobs device = device(jobs -> jobs.on("work", execution -> {
            began.countDown();
            end.await();
            return JobResult.succeeded();
        }));
        service.create("a", "{'operation':'work'}");
        service.connect(device);
        await().atMost(LONG).until(() -> began.getCount() == 0);

        service.sendOldNotifications();
        service.connect(device);
        end.countDown();

        awaitStatus("a", "SUCCEEDED");
    }

    @Test
    void deadline_in_seconds_ends_the_handler_and_the_job_has_failed() {
        service.create("a", "{'operation':'wait','timeoutSeconds':1}");
        DeviceJobs device = device(jobs -> jobs.on("wait", execution -> {
            new CountDownLatch(1).await();
            return JobResult.succeeded();
        }));

        service.connect(device);

        awaitStatus("a", "FAILED");
        assertThat(service.details("a").path("reason").asText()).isEqualTo("the device's own deadline has passed");
    }

    @Test
    void deadline_goes_on_over_a_reboot_by_the_clock_of_the_service() {
        service.create("a", "{'operation':'ask','timeoutSeconds':60}");
        JobHandler asks = execution -> {
            Duration left = execution.remaining();
            ran.add(left == null ? "none" : left.compareTo(Duration.ofSeconds(30)) > 0 ? "long" : "short");
            return JobResult.resumesAfterRestart();
        };
        DeviceJobs before = device(jobs -> jobs.on("ask", asks));
        service.connect(before);
        await().atMost(LONG).until(() -> ran.size() == 1);
        before.close();
        service.now += 45;

        service.connect(device(jobs -> jobs.on("ask", asks)));

        await().atMost(LONG).until(() -> ran.size() == 2);
        assertThat(ran).containsExactly("long", "short");
    }

    @Test
    void statuses_are_repeated_until_the_service_has_them() {
        service.faults.addAll(List.of("RequestThrottled", "offline", "InternalError", "silent"));
        DeviceJobs device = device(jobs -> jobs.on("note", this::note));
        service.create("a", "{'operation':'note'}");
        service.connect(device);
        awaitStatus("a", "SUCCEEDED");
        service.create("b", "{'operation':'note'}");

        awaitStatus("b", "SUCCEEDED");
        assertThat(ran).containsExactly("a#1", "b#1");
        assertThat(troubles).isEmpty();
    }

    @Test
    void progress_is_added_to_the_details_and_rearms_the_step_timer() {
        DeviceJobs device =
                device(jobs -> jobs.rules(new JobRules(null, 7, SHORT)).on("work", execution -> {
                    execution.remember(Map.of("percent", "50", "file", "a.bin"));
                    execution.remember(Map.of("percent", "100"));
                    return JobResult.failed("it broke", Map.of("log", "line 1\nline 2"));
                }));
        service.create("a", "{'operation':'work'}");
        service.connect(device);
        awaitStatus("a", "FAILED");

        assertThat(service.updates.get(0).path("stepTimeoutInMinutes").asInt()).isEqualTo(7);
        assertThat(service.updates.get(1).path("statusDetails"))
                .isEqualTo(PlayedJobs.json("{'percent':'100','file':'a.bin'}"));
        assertThat(service.details("a"))
                .isEqualTo(
                        PlayedJobs.json("{'reason':'it broke','log':'line 1 line 2','percent':'100','file':'a.bin'}"));
    }

    @Test
    void handler_that_breaks_fails_without_its_message() {
        DeviceJobs device = device(jobs -> jobs.on("break", execution -> {
            throw new IllegalStateException("secret");
        }));
        service.create("a", "{'operation':'break'}");
        service.connect(device);

        awaitStatus("a", "FAILED");
        assertThat(service.details("a").toString())
                .contains("IllegalStateException")
                .doesNotContain("secret");
    }

    @Test
    void details_are_made_what_the_service_takes() {
        StatusDetails details = new StatusDetails(Map.of("a b/ü", "x".repeat(2_000)));
        StatusDetails others = new StatusDetails(Map.of("empty", "", "bell", "a\u0007b\u200b\ud83d"));

        assertThat(details.pairs()).containsExactly(Map.entry("a_b__", "x".repeat(1_024)));
        assertThat(others.pairs()).containsEntry("empty", "-").containsEntry("bell", "a b  ");
        StatusDetails many = StatusDetails.NONE;
        for (int pair = 0; pair < 20; pair++) {
            many = many.with(Map.of("k" + pair, "v"));
        }
        assertThat(many.pairs()).hasSize(10).containsKey("k19");
    }

    @Test
    void hostile_messages_are_passed_over() {
        DeviceJobs device = device(jobs -> jobs.on("note", this::note));
        service.connect(device);

        assertThat(device.deliver(new Delivery("pump/x/gw/1", new byte[0], Delivery.NO_CORRELATION, null)))
                .isFalse();
        for (String message : List.of("", "{", "[]", "7", "{'jobs':7}", "{'execution':[]}", "{'execution':{}}")) {
            JsonNode text = Json.object().textNode(message);
            byte[] payload = text.textValue().replace('\'', '"').getBytes(UTF_8);
            for (String verb : List.of("notify", "notify-next", "start-next/accepted", "x/update/rejected", "?")) {
                assertThat(device.deliver(
                                new Delivery("$aws/things/pump/jobs/" + verb, payload, Delivery.NO_CORRELATION, null)))
                        .isTrue();
            }
        }
        service.create("a", "{'operation':'note'}");

        awaitStatus("a", "SUCCEEDED");
        assertThat(troubles).isEmpty();
    }

    @Test
    void descriptions_are_checked() {
        JobBuilder builder = new JobBuilder(Json.mapper()).on("a", this::note);

        assertThatIllegalArgumentException().isThrownBy(() -> builder.on("a", this::note));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.deadline(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.stepTimeout(0));
    }
}
