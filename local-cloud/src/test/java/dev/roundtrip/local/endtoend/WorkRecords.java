package dev.roundtrip.local.endtoend;

import dev.roundtrip.local.endtoend.Work.Record;
import dev.roundtrip.local.endtoend.WorkLine.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.iot.model.GetCommandExecutionResponse;
import software.amazon.awssdk.services.iot.model.JobExecution;
import software.amazon.awssdk.services.iot.model.ResourceNotFoundException;

/** Asks a cloud what it has of works. Thread-safe. */
final class WorkRecords {
    private static final String THINGS = "arn:aws:iot:eu-central-1:000000000000:thing/";

    private final Front front;

    WorkRecords(Front front) {
        this.front = front;
    }

    /** The same work with all its executions as they are now. */
    Work read(Work work) {
        return work.with(work.kind() == Kind.JOB ? job(work) : command(work));
    }

    private List<Record> job(Work work) {
        List<Record> found = new ArrayList<>();
        try {
            // Numbers have no gaps, and a work has its promised retries at most; one more shows what is wrong.
            for (long number = 1; number <= work.promise().retries() + 2L; number++) {
                long asked = number;
                JobExecution execution = front.iot()
                        .describeJobExecution(describe -> describe.jobId(work.id())
                                .thingName(work.thing())
                                .executionNumber(asked))
                        .execution();
                Map<String, String> details = execution.statusDetails() == null
                        ? Map.of()
                        : execution.statusDetails().detailsMap();
                found.add(new Record(execution.statusAsString(), details));
            }
        } catch (ResourceNotFoundException none) {
            // That was the last one.
        }
        return found;
    }

    private List<Record> command(Work work) {
        try {
            GetCommandExecutionResponse found = front.iot()
                    .getCommandExecution(get -> get.executionId(work.id())
                            .targetArn(THINGS + work.thing())
                            .includeResult(true));
            Map<String, String> result = found.result().entrySet().stream()
                    .filter(value -> value.getValue().s() != null)
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, value -> value.getValue().s()));
            return List.of(new Record(found.statusAsString(), result));
        } catch (ResourceNotFoundException none) {
            return List.of();
        }
    }
}
