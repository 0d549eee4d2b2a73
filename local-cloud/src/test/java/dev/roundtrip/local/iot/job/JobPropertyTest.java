package dev.roundtrip.local.iot.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.store.table.Table;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Jobs and executions beside a naive model, over random sequences of operations, devices, clock and restart. After
 * each step all of them are as the model has them, each request was served or refused as the model has it, and each
 * thing was told what the table of notifications says.
 *
 * <p>Each step has a millisecond of the minute for itself, so that no two timers end at the same moment.
 */
class JobPropertyTest {
    private static final long SEED = Long.getLong("jobs.property.seed", 20_261_128);
    private static final int SEQUENCES = 150 * Integer.getInteger("fuzz.factor", 1);
    private static final int STEPS = 60;
    private static final long MINUTE = 60_000;
    private static final List<String> THINGS = List.of("p", "q", "r");
    private static final List<String> GROUPS = List.of("all", "more");
    private static final List<String> JOBS = List.of("a", "b", "c", "d");
    private static final List<String> REPORTS = List.of("IN_PROGRESS", "SUCCEEDED", "FAILED", "REJECTED");
    private static final String DOCUMENT = "'document':'{}'";
    private static final String REBOOT = "'jobTemplateArn':'arn:aws:iot:us-east-1::jobtemplate/AWS-Reboot:1.0'";
    private static final String WINDOWS =
            "'maintenanceWindows':[{'startTime':'cron(0/10 * * * ? *)','durationInMinutes':2}]";

    /** All tables of jobs but the one that counts places in queues. */
    private static final List<String> TABLES = List.of(
            "job_timetable",
            "job_rollouts",
            "job_waiting_things",
            "job_cancellations",
            "job_continuous_targets",
            "job_members",
            "job_members_of",
            "job_deletions",
            "jobs",
            "job_documents",
            "job_counts",
            "job_executions",
            "job_executions_of_things",
            "job_timers",
            "job_thing_changes",
            "job_queue",
            "job_templates");

    private static final DateTimeFormatter TO_THE_MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneOffset.UTC);

    private final Random random = new Random(SEED);

    /** What was asked for, and whether it was served. */
    private final Set<String> seen = new TreeSet<>();

    @Test
    void jobs_are_what_the_model_says_after_each_step() {
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            play(sequence);
        }
        assertThat(seen)
                .as("kinds of requests that were served, and refused")
                .contains("create true", "create false", "start true", "update true", "update false")
                .contains("cancel true", "cancel false", "delete true", "delete false")
                .contains("associate true", "associate false", "join true", "leave true");
    }

    private void play(int sequence) {
        PropertyService service = new PropertyService();
        JobModel model = new JobModel(service.clock.millis());
        THINGS.forEach(thing ->
                assertThat(service.ask("POST", "/things/" + thing, "{}")).isTrue());
        GROUPS.forEach(group -> {
            assertThat(service.ask("POST", "/thing-groups/" + group, "{}")).isTrue();
            model.groups.put(group, new TreeSet<>());
        });
        StringBuilder story = new StringBuilder("seed " + SEED + ", sequence " + sequence);
        for (int step = 0; step < STEPS; step++) {
            model.told.clear();
            service.heard.clear();
            service.clock.advance(Duration.ofMillis(1));
            model.advance(1);
            Step taken = step(service, model);
            story.append("\n").append(taken.what());
            assertThat(taken.isServed()).as(story.toString()).isEqualTo(taken.mayBe());
            seen.add(taken.what().split(" ", 2)[0] + " " + taken.isServed());
            service.clock.advance(Duration.ZERO);
            model.cancelAll();
            compare(service, model, story.toString());
        }
        deleteAll(service, model, story.toString());
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** What was asked for.
     *
     * @param mayBe whether the model has it served
     */
    private record Step(String what, boolean mayBe, boolean isServed) {
        static Step of(String what) {
            return new Step(what, true, true);
        }
    }

    private Step step(PropertyService service, JobModel model) {
        String job = any(JOBS);
        String thing = any(THINGS);
        boolean force = random.nextBoolean();
        String forced = "?force=" + force;
        return switch (random.nextInt(15)) {
            case 0, 1, 2 -> create(service, model, job);
            case 3 -> {
                model.startNext(thing);
                boolean started = force
                        ? service.publish(thing, "start-next", "{}")
                        : service.askData("PUT", "/things/" + thing + "/jobs/$next", "{}");
                yield new Step("start " + thing, true, started);
            }
            case 4, 5, 6 -> update(service, model, job, thing);
            case 7 -> wait(service, model, random.nextInt(3));
            case 8 -> wait(service, model, 10 * random.nextInt(3));
            case 9 -> {
                service.restart();
                yield Step.of("restart");
            }
            case 10 ->
                new Step(
                        "cancel " + job + " " + thing + forced,
                        model.cancelExecution(job, thing, force),
                        service.ask("PUT", "/things/" + thing + "/jobs/" + job + "/cancel" + forced, "{}"));
            case 11 ->
                new Step(
                        "cancel " + job + forced,
                        model.cancelJob(job, force),
                        service.ask("PUT", "/jobs/" + job + "/cancel" + forced, "{}"));
            case 12 -> delete(service, model, job, thing, force);
            case 13 -> {
                String group = any(GROUPS);
                yield new Step(
                        "associate " + job + " " + group,
                        model.associate(job, group),
                        service.ask("POST", "/jobs/" + job + "/targets", "{'targets':['" + group(group) + "']}"));
            }
            default -> {
                String group = any(GROUPS);
                model.move(thing, group, force);
                yield new Step(
                        (force ? "join " : "leave ") + thing + " " + group,
                        true,
                        service.ask(
                                "PUT",
                                "/thing-groups/" + (force ? "addThingToThingGroup" : "removeThingFromThingGroup"),
                                "{'thingGroupName':'" + group + "','thingName':'" + thing + "'}"));
            }
        };
    }

    private static Step wait(PropertyService service, JobModel model, int minutes) {
        model.advance(minutes * MINUTE);
        service.clock.advance(Duration.ofMinutes(minutes));
        return Step.of("wait " + minutes);
    }

    private Step update(PropertyService service, JobModel model, String job, String thing) {
        String status = any(REPORTS);
        int minutes = random.nextInt(4) - 1;
        String body = "{'status':'" + status + "'" + (minutes == 0 ? "" : ",'stepTimeoutInMinutes':" + minutes) + "}";
        boolean served = random.nextBoolean()
                ? service.publish(thing, job + "/update", body)
                : service.askData("POST", "/things/" + thing + "/jobs/" + job, body);
        return new Step("update " + job + " " + thing + " " + body, model.update(job, thing, status, minutes), served);
    }

    private Step delete(PropertyService service, JobModel model, String job, String thing, boolean force) {
        if (random.nextBoolean()) {
            return new Step(
                    "delete " + job + " " + force,
                    model.deleteJob(job, force),
                    service.ask("DELETE", "/jobs/" + job + "?force=" + force, ""));
        }
        int number = model.latest(job, thing).map(latest -> latest.number).orElse(1);
        return new Step(
                "delete " + job + " " + thing + " " + force,
                model.deleteExecution(job, thing, force),
                service.ask(
                        "DELETE",
                        "/things/" + thing + "/jobs/" + job + "/executionNumber/" + number + "?force=" + force,
                        ""));
    }

    private static String group(String name) {
        return TestJobs.ARN + "thinggroup/" + name;
    }

    private Step create(PropertyService service, JobModel model, String id) {
        boolean continuous = random.nextBoolean();
        JobModel.Config config = new JobModel.Config(
                continuous,
                1 + random.nextInt(3),
                random.nextInt(3),
                random.nextInt(3),
                any(List.of(0, 0, 50, 100)),
                random.nextInt(4) == 0 ? inMinutes(model.now, 31 + random.nextInt(3)) : 0,
                continuous && random.nextInt(3) == 0);
        List<String> choices = config.continuous() ? GROUPS : THINGS;
        Set<String> targets = new TreeSet<>(choices);
        targets.removeIf(target -> random.nextInt(3) == 0);
        targets.add(any(choices));
        boolean mayBe = !model.jobs.containsKey(id);
        if (mayBe) {
            model.create(id, config, targets);
        }
        Basis basis = any(List.of(Basis.values()));
        String what = "create " + id + " " + config + " " + targets + " " + basis;
        return new Step(what, mayBe, isMade(service, id, config, targets, basis));
    }

    /** What a job is made from. */
    private enum Basis {
        DOCUMENT,
        TEMPLATE,
        MANAGED_TEMPLATE
    }

    private static boolean isMade(
            PropertyService service, String id, JobModel.Config config, Set<String> targets, Basis basis) {
        String job = "/jobs/" + id;
        String schedule = schedule(config);
        return switch (basis) {
            case DOCUMENT ->
                service.ask("PUT", job, body(targets(config, targets), DOCUMENT, configs(config), schedule));
            case MANAGED_TEMPLATE ->
                service.ask("PUT", job, body(targets(config, targets), REBOOT, configs(config), schedule));
            case TEMPLATE -> {
                // A template has windows, and a schedule of the job would take their place.
                boolean hasStart = config.start() != 0;
                String windows = config.windowed() && !hasStart ? WINDOWS : "";
                String template = "/job-templates/t-" + id;
                assertThat(service.ask("PUT", template, body("'description':'d'", DOCUMENT, configs(config), windows)))
                        .isTrue();
                boolean made = service.ask(
                        "PUT",
                        job,
                        body(
                                targets(config, targets),
                                "'jobTemplateArn':'" + TestJobs.ARN + "jobtemplate/t-" + id + "'",
                                hasStart ? schedule : ""));
                assertThat(service.ask("DELETE", template, "")).isTrue();
                yield made;
            }
        };
    }

    private static String body(String... members) {
        return "{" + Stream.of(members).filter(each -> !each.isEmpty()).collect(Collectors.joining(",")) + "}";
    }

    /** A whole minute that is at least so many minutes away. */
    private static long inMinutes(long now, int minutes) {
        return Math.ceilDiv(now, MINUTE) * MINUTE + minutes * MINUTE;
    }

    private static String targets(JobModel.Config config, Set<String> targets) {
        String kind = config.continuous() ? "thinggroup/" : "thing/";
        return "'targets':["
                + targets.stream()
                        .map(target -> "'" + TestJobs.ARN + kind + target + "'")
                        .collect(Collectors.joining(","))
                + "],'targetSelection':'" + (config.continuous() ? "CONTINUOUS" : "SNAPSHOT") + "'";
    }

    private static String configs(JobModel.Config config) {
        StringBuilder configs =
                new StringBuilder("'jobExecutionsRolloutConfig':{'maximumPerMinute':" + config.rate() + "}");
        if (config.timeout() != 0) {
            configs.append(",'timeoutConfig':{'inProgressTimeoutInMinutes':" + config.timeout() + "}");
        }
        if (config.retries() != 0) {
            configs.append(",'jobExecutionsRetryConfig':{'criteriaList':[{'failureType':'ALL','numberOfRetries':"
                    + config.retries() + "}]}");
        }
        if (config.percentage() != 0) {
            configs.append(",'abortConfig':{'criteriaList':[{'failureType':'ALL','action':'CANCEL',"
                    + "'thresholdPercentage':" + config.percentage() + ",'minNumberOfExecutedThings':2}]}");
        }
        return configs.toString();
    }

    private static String schedule(JobModel.Config config) {
        String start = config.start() == 0
                ? ""
                : "'startTime':'" + TO_THE_MINUTE.format(Instant.ofEpochMilli(config.start())) + "'";
        String schedule = body(start, config.windowed() ? WINDOWS : "");
        return schedule.equals("{}") ? "" : "'schedulingConfig':" + schedule;
    }

    /** Nothing is left of jobs that are deleted, once their times have come. */
    private static void deleteAll(PropertyService service, JobModel model, String story) {
        List.copyOf(model.jobs.keySet())
                .forEach(id -> assertThat(service.ask("DELETE", "/jobs/" + id + "?force=true", ""))
                        .as(story)
                        .isTrue());
        service.clock.advance(Duration.ofHours(2));
        List<String> left = service.tables.<List<String>, RuntimeException>read(rows -> TABLES.stream()
                .filter(table -> !rows.page(new Table(table), "", "", 1).isEmpty())
                .toList());
        assertThat(left).as("tables with rows after " + story).isEmpty();
    }

    private static void compare(PropertyService service, JobModel model, String story) {
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
            assertThat(service.heard.stream().filter(each -> each.startsWith(thing)))
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
