package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.iot.job.Executions.Shown;
import dev.roundtrip.mqtt.Defects;
import dev.roundtrip.mqtt.ReservedTopicService;
import dev.roundtrip.mqtt.packet.Publication;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Executions over MQTT: requests are published, and the answer goes to the requester alone. Thread-safe. */
public final class JobTopics implements ReservedTopicService {
    private static final String ACCEPTED = "/accepted";
    private static final String REJECTED = "/rejected";
    private static final int THING = 2;
    private static final int LEVEL_OF_A_VERB = 4;
    private static final int LEVELS_OF_A_JOB = 6;

    private final Executions executions;

    /** The topics of jobs. */
    public JobTopics(Jobs jobs) {
        this.executions = new Executions(jobs);
    }

    @Override
    public List<String> requests() {
        return List.of(
                "$aws/things/+/jobs/get",
                "$aws/things/+/jobs/start-next",
                "$aws/things/+/jobs/+/get",
                "$aws/things/+/jobs/+/update");
    }

    @Override
    public String orderOf(String topic) {
        return topic.split("/", -1)[THING];
    }

    @Override
    public void take(Request request, Requester requester) {
        Asked asked = new Asked(request.content().topic(), requester);
        @Nullable JobRequest read = null;
        try {
            read = JobRequest.read(request.content().payload());
            asked.serve(read);
        } catch (JobRefusal refusal) {
            asked.reject(refusal, read);
        } catch (RuntimeException | Error failure) {
            Defects.log("A request to a thing's jobs was not served", failure);
            asked.reject(new JobRefusal(Rejection.INTERNAL_ERROR, "Internal service failure"), read);
        }
    }

    private final class Asked {
        private final String topic;
        private final String[] levels;
        private final Requester requester;

        Asked(String topic, Requester requester) {
            this.topic = topic;
            this.levels = topic.split("/", -1);
            this.requester = requester;
        }

        void serve(JobRequest request) throws JobRefusal {
            String thing = levels[THING];
            if (levels.length == LEVELS_OF_A_JOB) {
                String jobId = levels[LEVEL_OF_A_VERB];
                if (levels[LEVELS_OF_A_JOB - 1].equals("get")) {
                    boolean document = request.flag("includeJobDocument", true);
                    accept(request, execution(executions.describe(thing, jobId, request), document));
                } else {
                    update(thing, jobId, request);
                }
            } else if (levels[LEVEL_OF_A_VERB].equals("get")) {
                accept(request, lists(executions.pending(thing)));
            } else {
                var unused = executions.startNext(thing, request, started -> accept(request, execution(started, true)));
            }
        }

        private void update(String thing, String jobId, JobRequest request) throws JobRefusal {
            boolean state = request.flag("includeJobExecutionState", false);
            boolean document = request.flag("includeJobDocument", false);
            var unused = executions.update(thing, jobId, request, updated -> {
                ObjectNode answer = RestJson.MAPPER.createObjectNode();
                if (state) {
                    answer.set("executionState", JobJson.state(updated.execution()));
                }
                if (document) {
                    answer.set("jobDocument", JobJson.parsed(updated.document()));
                }
                accept(request, answer);
            });
        }

        private ObjectNode execution(Optional<Shown> found, boolean withDocument) {
            ObjectNode answer = RestJson.MAPPER.createObjectNode();
            found.ifPresent(shown -> {
                ObjectNode execution = JobJson.execution(shown.execution(), executions.millis());
                if (withDocument) {
                    execution.set("jobDocument", JobJson.parsed(shown.document()));
                }
                answer.set("execution", execution);
            });
            return answer;
        }

        private void accept(JobRequest request, ObjectNode answer) {
            answer(ACCEPTED, request.answer(answer.put("timestamp", executions.millis() / 1000)));
        }

        /** @param request null when it could not be read */
        void reject(JobRefusal refusal, @Nullable JobRequest request) {
            ObjectNode rejection = RestJson.MAPPER
                    .createObjectNode()
                    .put("timestamp", executions.millis() / 1000)
                    .put("code", refusal.rejection().code())
                    .put("message", refusal.getMessage());
            JobExecution execution = refusal.execution();
            if (execution != null) {
                rejection.set("executionState", JobJson.state(execution));
            }
            answer(REJECTED, request == null ? rejection : request.answer(rejection));
        }

        private void answer(String ending, ObjectNode answer) {
            requester.answer(Publication.of(topic + ending, answer.toString().getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Both lists, whether empty or not. */
    static ObjectNode lists(List<JobExecution> pending) {
        ObjectNode answer = RestJson.MAPPER.createObjectNode();
        ArrayNode inProgress = answer.putArray("inProgressJobs");
        ArrayNode queued = answer.putArray("queuedJobs");
        for (JobExecution execution : pending) {
            (execution.status() == ExecutionStatus.IN_PROGRESS ? inProgress : queued).add(JobJson.summary(execution));
        }
        return answer;
    }
}
