package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.iot.model.Job;
import software.amazon.awssdk.services.iot.model.JobExecution;
import software.amazon.awssdk.services.iotjobsdataplane.model.GetPendingJobExecutionsResponse;

/** Makes, starts, updates, cancels and deletes jobs of one thing; what the thing does itself, over MQTT and HTTP in
 * turn. What is there is the state of each job by its id, as in {@code IN_PROGRESS QUEUED 1}: status of the job, status and
 * version of its execution.
 */
final class JobWriter implements KillableWriter {
    private static final String ARN = "arn:aws:iot:eu-central-1:000000000000:thing/";
    private static final int MOST = 4;

    private final String thing;
    private final Front front;
    private int made;
    private int token;

    JobWriter(String thing, Front front) {
        this.thing = thing;
        this.front = front;
    }

    private record State(String job, String execution, long version) {
        static State of(String text) {
            String[] parts = text.split(" ", -1);
            return new State(parts[0], parts[1], Long.parseLong(parts[2]));
        }

        /** One version later. */
        State next(String itsJob, String itsExecution) {
            return new State(itsJob, itsExecution, version + 1);
        }

        boolean isRunning() {
            return job.equals("IN_PROGRESS");
        }

        @Override
        public String toString() {
            return job + " " + execution + " " + version;
        }
    }

    @Override
    public Write next(Map<String, String> known, Random random) {
        List<String> ids = new ArrayList<>(known.keySet());
        List<String> running = ids.stream()
                .filter(id -> State.of(Objects.requireNonNull(known.get(id))).isRunning())
                .toList();
        List<String> started = running.stream()
                .filter(id -> State.of(Objects.requireNonNull(known.get(id)))
                        .execution()
                        .equals("IN_PROGRESS"))
                .toList();
        if (ids.isEmpty() || (ids.size() < MOST && random.nextInt(3) == 0)) {
            return create(known);
        }
        if (!running.isEmpty() && random.nextInt(5) > 0) {
            String some = running.get(random.nextInt(running.size()));
            return random.nextInt(6) == 0
                    ? cancel(known, some)
                    : started.isEmpty()
                            ? start(known, running.getFirst(), random)
                            : update(known, started.getFirst(), random);
        }
        return delete(known, ids.get(random.nextInt(ids.size())));
    }

    private static Map<String, String> with(Map<String, String> known, String id, State state) {
        Map<String, String> after = new TreeMap<>(known);
        after.put(id, state.toString());
        return after;
    }

    private Write create(Map<String, String> known) {
        made++;
        // In the order of names, which is that of the thing's queue.
        String id = "j" + (100_000 + made);
        return new Write(
                "create " + id,
                with(known, id, new State("IN_PROGRESS", "QUEUED", 1)),
                () -> front.iot()
                        .createJob(job -> job.jobId(id).targets(ARN + thing).document("{\"id\":\"" + id + "\"}")));
    }

    private Write start(Map<String, String> known, String id, Random random) {
        Map<String, String> after =
                with(known, id, State.of(Objects.requireNonNull(known.get(id))).next("IN_PROGRESS", "IN_PROGRESS"));
        return random.nextBoolean()
                ? new Write("MQTT start " + id, after, () -> ask("start-next", Json.object()))
                : new Write(
                        "HTTP start " + id,
                        after,
                        () -> front.jobs().startNextPendingJobExecution(start -> start.thingName(thing)));
    }

    private Write update(Map<String, String> known, String id, Random random) {
        boolean isLast = random.nextInt(3) > 0;
        String status = isLast ? "SUCCEEDED" : "IN_PROGRESS";
        Map<String, String> after = with(
                known,
                id,
                State.of(Objects.requireNonNull(known.get(id))).next(isLast ? "COMPLETED" : "IN_PROGRESS", status));
        return random.nextBoolean()
                ? new Write(
                        "MQTT " + status + " " + id,
                        after,
                        () -> ask(id + "/update", Json.object().put("status", status)))
                : new Write(
                        "HTTP " + status + " " + id,
                        after,
                        () -> front.jobs()
                                .updateJobExecution(update ->
                                        update.thingName(thing).jobId(id).status(status)));
    }

    private Write cancel(Map<String, String> known, String id) {
        return new Write(
                "cancel " + id,
                with(known, id, State.of(Objects.requireNonNull(known.get(id))).next("CANCELED", "CANCELED")),
                () -> front.iot().cancelJob(cancel -> cancel.jobId(id).force(true)));
    }

    private Write delete(Map<String, String> known, String id) {
        Map<String, String> after = new TreeMap<>(known);
        after.remove(id);
        return new Write(
                "delete " + id,
                after,
                () -> front.iot().deleteJob(delete -> delete.jobId(id).force(true)));
    }

    private void ask(String verb, ObjectNode request) throws Exception {
        token++;
        request.put("clientToken", "j" + token);
        front.ask(
                "$aws/things/" + thing + "/jobs/" + verb,
                request.toString().getBytes(StandardCharsets.UTF_8),
                "j" + token);
    }

    /** Looks whether job, execution, counts and the thing's queue agree. */
    @Override
    public Map<String, String> read() {
        Map<String, String> found = new TreeMap<>();
        List<String> pending = new ArrayList<>();
        front.iot().listJobs(list -> list.maxResults(250)).jobs().forEach(summary -> {
            String id = summary.jobId();
            Job job = front.iot().describeJob(describe -> describe.jobId(id)).job();
            JobExecution execution = front.iot()
                    .describeJobExecution(describe -> describe.jobId(id).thingName(thing))
                    .execution();
            assertThat(front.iot().getJobDocument(get -> get.jobId(id)).document())
                    .contains(id);
            assertThat(Stream.of(
                                    job.jobProcessDetails().numberOfQueuedThings(),
                                    job.jobProcessDetails().numberOfInProgressThings(),
                                    job.jobProcessDetails().numberOfSucceededThings(),
                                    job.jobProcessDetails().numberOfCanceledThings())
                            .mapToInt(Integer::intValue)
                            .toArray())
                    .as("counts of " + id)
                    .isEqualTo(Stream.of("QUEUED", "IN_PROGRESS", "SUCCEEDED", "CANCELED")
                            .mapToInt(status -> status.equals(execution.statusAsString()) ? 1 : 0)
                            .toArray());
            if (job.statusAsString().equals("IN_PROGRESS")) {
                pending.add(id);
            }
            found.put(
                    id,
                    new State(job.statusAsString(), execution.statusAsString(), execution.versionNumber()).toString());
        });
        GetPendingJobExecutionsResponse queue = front.jobs().getPendingJobExecutions(get -> get.thingName(thing));
        assertThat(Stream.concat(queue.inProgressJobs().stream(), queue.queuedJobs().stream())
                        .map(waiting -> waiting.jobId()))
                .containsExactlyInAnyOrderElementsOf(pending);
        return found;
    }
}
