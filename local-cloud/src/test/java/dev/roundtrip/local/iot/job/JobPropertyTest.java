package dev.roundtrip.local.iot.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.time.MovableClock;
import dev.roundtrip.mqtt.ServicePublisher;
import dev.roundtrip.mqtt.packet.Publication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Jobs and executions beside a naive model, over random sequences of device, service, clock and restart. After each
 * step all of them are as the model has them, and each thing was told what the table of notifications says.
 *
 * <p>Each step has a millisecond of the minute for itself, so that no two timers end at the same moment.
 */
class JobPropertyTest {
    private static final long SEED = 20_261_128;
    private static final int SEQUENCES = 150;
    private static final int STEPS = 60;
    private static final String GROUP = "arn:aws:iot:us-east-1:000000000000:thinggroup/all";
    private static final List<String> THINGS = List.of("p", "q", "r");
    private static final List<String> JOBS = List.of("a", "b", "c", "d");
    private static final List<String> REPORTS = List.of("IN_PROGRESS", "SUCCEEDED", "FAILED", "REJECTED");
    private static final JsonMapper JSON = new JsonMapper();

    private final Random random = new Random(SEED);

    /** Hears what things are told, in short. */
    private static final class Ear implements ServicePublisher {
        final List<String> heard = new ArrayList<>();

        @Override
        public boolean hasReceivers(String topic) {
            return true;
        }

        @Override
        public void publish(Publication content) {
            String[] levels = content.topic().split("/", -1);
            if (levels[1].equals("things")) {
                heard.add(levels[2] + " " + levels[4] + " " + shown(levels[4], json(content)));
            }
        }

        @Override
        public void publish(Publication content, Duration expiry) {
            publish(content);
        }

        private static JsonNode json(Publication content) {
            try {
                return JSON.readTree(content.payload());
            } catch (IOException malformed) {
                throw new UncheckedIOException(malformed);
            }
        }

        private static Object shown(String verb, JsonNode told) {
            if (verb.equals("notify-next")) {
                JsonNode next = told.path("execution");
                return next.isMissingNode()
                        ? "none"
                        : shown(next, next.path("status").asText());
            }
            List<String> all = new ArrayList<>();
            for (String status : List.of("IN_PROGRESS", "QUEUED")) {
                told.path("jobs").path(status).forEach(each -> all.add(shown(each, status)));
            }
            return all;
        }

        private static String shown(JsonNode execution, String status) {
            return execution.path("jobId").asText() + "#"
                    + execution.path("executionNumber").asText() + " " + status;
        }
    }

    /** The service, which a restart makes anew over the same rows. */
    private static final class Service {
        final InMemoryTables tables = new InMemoryTables();
        final Ear ear = new Ear();
        final Set<String> members = new HashSet<>();
        MovableClock clock = new MovableClock(Instant.ofEpochSecond(TestJobs.START));
        Registry registry = registry();
        Jobs jobs = jobs();

        private Registry registry() {
            Registry made = new Registry(tables, new Account("us-east-1"), clock);
            made.know(new Registry.Groups() {
                @Override
                public boolean isThere(Snapshot rows, String arn) {
                    return arn.equals(GROUP);
                }

                @Override
                public List<String> things(Snapshot rows, String arn) {
                    return List.copyOf(members);
                }

                @Override
                public List<String> of(Snapshot rows, String thingName) {
                    return members.contains(thingName) ? List.of(GROUP) : List.of();
                }

                @Override
                public List<String> above(Snapshot rows, String arn) {
                    return List.of();
                }
            });
            return made;
        }

        private Jobs jobs() {
            Jobs made = new Jobs(tables, ear, clock, registry, JobLimits.NONE, DocumentValues.NONE);
            made.start();
            return made;
        }

        void restart() {
            clock = new MovableClock(clock.instant());
            registry = registry();
            jobs = jobs();
        }

        void move(String thing, boolean in) {
            boolean unused = registry.<Boolean, RuntimeException>transact(change -> {
                change.groupsChanged(thing);
                return in ? members.add(thing) : members.remove(thing);
            });
        }
    }

    @Test
    void jobs_are_what_the_model_says_after_each_step() throws Exception {
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            play(sequence);
        }
    }

    private void play(int sequence) throws Exception {
        Service service = new Service();
        for (String thing : THINGS) {
            var unused = new ThingRegistry(service.registry).create(thing, "", Map.of());
        }
        JobModel model = new JobModel(service.clock.millis());
        StringBuilder story = new StringBuilder("sequence " + sequence);
        for (int step = 0; step < STEPS; step++) {
            model.told.clear();
            service.ear.heard.clear();
            service.clock.advance(Duration.ofMillis(1));
            model.advance(1);
            story.append("\n").append(step(service, model));
            service.clock.advance(Duration.ZERO);
            model.cancelAll();
            compare(service, model, story.toString());
        }
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private String step(Service service, JobModel model) throws JobRefusal {
        String job = any(JOBS);
        String thing = any(THINGS);
        boolean force = random.nextBoolean();
        Executions executions = new Executions(service.jobs);
        JobModel.Execution execution = model.latest(job, thing).orElse(null);
        return switch (random.nextInt(12)) {
            case 0, 1 -> create(service, model, job);
            case 2 -> {
                model.startNext(thing);
                JobRequest request = JobRequest.of(JsonNodeFactory.instance.objectNode());
                var unused = executions.startNext(thing, request, started -> {});
                yield "start " + thing;
            }
            case 3, 4, 5 -> {
                String status = any(REPORTS);
                int minutes = random.nextInt(4) - 1;
                boolean may = model.update(job, thing, status, minutes);
                assertThat(update(executions, job, thing, status, minutes))
                        .as(job + " " + thing + " " + status)
                        .isEqualTo(may);
                yield "update " + job + " " + thing + " " + status + " " + minutes;
            }
            case 6 -> {
                int minutes = random.nextInt(3);
                model.advance(minutes * 60_000L);
                service.clock.advance(Duration.ofMinutes(minutes));
                yield "wait " + minutes;
            }
            case 7 -> {
                service.restart();
                yield "restart";
            }
            case 8 -> {
                if (execution != null) {
                    model.cancel(execution, force);
                    service.jobs.<Boolean, RuntimeException>write(List.of(thing), change -> {
                        JobCourse.cancel(
                                change,
                                JobRows.latest(change.rows(), thing, job).orElseThrow(),
                                force);
                        return true;
                    });
                }
                yield "cancel " + job + " " + thing + (force ? " by force" : "");
            }
            case 9 -> endJob(service, model, job, force);
            case 10 -> {
                if (execution != null) {
                    model.delete(execution);
                    boolean unused = service.jobs.<Boolean, RuntimeException>write(List.of(thing), change -> {
                        change.delete(JobRows.latest(change.rows(), thing, job).orElseThrow());
                        JobCourse.completeIfDone(change, job);
                        return true;
                    });
                }
                yield "delete " + job + " " + thing;
            }
            default -> {
                model.move(thing, force);
                service.move(thing, force);
                yield (force ? "join " : "leave ") + thing;
            }
        };
    }

    private static boolean update(Executions executions, String job, String thing, String status, int minutes) {
        ObjectNode request = JsonNodeFactory.instance.objectNode().put("status", status);
        if (minutes != 0) {
            request.put("stepTimeoutInMinutes", minutes);
        }
        try {
            var unused = executions.update(thing, job, JobRequest.of(request), updated -> {});
            return true;
        } catch (JobRefusal refused) {
            return false;
        }
    }

    private String create(Service service, JobModel model, String id) {
        if (model.jobs.containsKey(id)) {
            return "nothing";
        }
        JobModel.Config config = new JobModel.Config(
                random.nextBoolean(),
                1 + random.nextInt(3),
                random.nextInt(3),
                random.nextInt(3),
                any(List.of(0, 0, 50, 100)));
        Set<String> things = new TreeSet<>(THINGS);
        things.removeIf(thing -> config.continuous() ? !service.members.contains(thing) : random.nextInt(4) == 0);
        model.create(id, config, things);
        boolean unused = service.jobs.<Boolean, RuntimeException>changeJob(id, change -> {
            Job job = new Job(
                    id,
                    List.of(GROUP),
                    config.continuous() ? TargetSelection.CONTINUOUS : TargetSelection.SNAPSHOT,
                    JobStatus.IN_PROGRESS,
                    "",
                    Job.Source.DOCUMENT,
                    configs(config),
                    new Job.Times(change.now(), change.now(), 0),
                    Job.Ending.NONE);
            change.create(job, "{}");
            RolloutRows.add(change.rows(), job, job.targets(), things);
            JobCalendar.begin(change, job);
            return true;
        });
        service.jobs.steps().rollOut(id);
        return "create " + id + " " + config + " " + things;
    }

    private static JobConfigs configs(JobModel.Config config) {
        return new JobConfigs(
                config.timeout() == 0 ? null : new JobConfigs.Timeout(config.timeout()),
                config.retries() == 0
                        ? null
                        : new JobConfigs.Retry(List.of(new JobConfigs.RetryCriterion("ALL", config.retries()))),
                new JobConfigs.Rollout(config.rate(), null),
                abort(config.percentage()),
                null,
                null);
    }

    private static JobConfigs.@Nullable Abort abort(int percentage) {
        return percentage == 0
                ? null
                : new JobConfigs.Abort(List.of(new JobConfigs.AbortCriterion("ALL", "CANCEL", percentage, 2)));
    }

    private String endJob(Service service, JobModel model, String id, boolean force) {
        JobModel.Job job = model.jobs.get(id);
        if (job == null) {
            return "nothing";
        }
        boolean delete = !job.status.equals("IN_PROGRESS");
        if (delete) {
            model.deleteJob(id);
        } else {
            model.cancelJob(id, force);
        }
        boolean unused = service.jobs.<Boolean, RuntimeException>changeJob(id, change -> {
            Job before = change.job(id).orElseThrow();
            if (delete) {
                change.change(before, before.in(JobStatus.DELETION_IN_PROGRESS, change.now()));
            } else {
                JobCourse.cancel(change, before, new Job.Ending(force, "", ""));
            }
            return true;
        });
        if (delete) {
            service.jobs.steps().deleteAll(id);
        }
        return (delete ? "delete " : "cancel ") + id + (force ? " by force" : "");
    }

    private static void compare(Service service, JobModel model, String story) {
        List<String> executions = new ArrayList<>();
        List<String> jobs = new ArrayList<>();
        List<String> pending = new ArrayList<>();
        boolean unused = service.tables.<Boolean, RuntimeException>read(rows -> {
            for (String id : JOBS) {
                JobRows.executions(rows, id, "", 1000).forEach(each -> executions.add(shown(each)));
                JobRows.job(rows, id).ifPresent(job -> jobs.add(id + " " + job.status()));
            }
            THINGS.forEach(thing -> QueueRows.pending(rows, thing, 100).forEach(each -> pending.add(shown(each))));
            return true;
        });
        assertThat(jobs)
                .as(story)
                .containsExactlyElementsOf(model.jobs.entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue().status)
                        .toList());
        assertThat(executions)
                .as(story)
                .containsExactlyInAnyOrderElementsOf(
                        model.executions.stream().map(Object::toString).toList());
        assertThat(pending)
                .as(story)
                .containsExactlyElementsOf(THINGS.stream()
                        .flatMap(thing -> model.pending(thing).stream())
                        .map(Object::toString)
                        .toList());
        for (String thing : THINGS) {
            assertThat(service.ear.heard.stream().filter(each -> each.startsWith(thing)))
                    .as(story)
                    .containsExactlyElementsOf(model.told.stream()
                            .filter(each -> each.startsWith(thing))
                            .toList());
        }
    }

    private static String shown(JobExecution execution) {
        return execution.thing() + " " + execution.jobId() + "#" + execution.number() + " " + execution.status() + " v"
                + execution.version();
    }
}
