package dev.roundtrip.local.endtoend;

import dev.roundtrip.local.endtoend.Work.Cancel;
import dev.roundtrip.local.endtoend.Work.Promise;
import dev.roundtrip.local.endtoend.Work.Timer;
import dev.roundtrip.local.endtoend.WorkLine.Kind;
import dev.roundtrip.local.endtoend.WorkPlan.End;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.iot.model.CreateJobRequest;
import software.amazon.awssdk.services.iot.model.InvalidRequestException;
import software.amazon.awssdk.services.iot.model.InvalidStateTransitionException;
import software.amazon.awssdk.services.iot.model.ResourceNotFoundException;
import software.amazon.awssdk.services.iot.model.RetryCriteria;
import software.amazon.awssdk.services.iot.model.RetryableFailureType;

/** Asks a cloud for work, and cancels some of it, while the cloud is killed. Used by one thread at a time. */
final class WorkMaker {
    private static final String ROOT = "arn:aws:iot:eu-central-1:000000000000:";

    /** Of the commands. */
    private static final List<WorkPlan> PLANS = List.of(
            new WorkPlan(1, 0, End.SUCCEEDED),
            new WorkPlan(3, 20, End.SUCCEEDED),
            new WorkPlan(2, 5, End.FAILED),
            new WorkPlan(1, 0, End.REJECTED));

    private final Front front;
    private final Kind kind;
    private final List<String> things;
    private final Random random;
    private final Runnable acknowledged;
    private final List<Work> works = new ArrayList<>();
    private @Nullable Attempt unanswered;
    private int made;

    /** A request, and how to find out what became of it. */
    private interface Attempt {
        /** Sends it, for the first time or once more. */
        void send();
    }

    WorkMaker(Front front, Kind kind, List<String> things, Random random, Runnable acknowledged) {
        this.front = front;
        this.kind = kind;
        this.things = things;
        this.random = random;
        this.acknowledged = acknowledged;
    }

    /** Makes the commands of which {@link Kind#COMMAND} starts executions. */
    void prepare() {
        for (int number = 0; number < PLANS.size(); number++) {
            String id = "plan-" + number;
            SdkBytes payload = SdkBytes.fromUtf8String(PLANS.get(number).document());
            front.iot()
                    .createCommand(command -> command.commandId(id)
                            .payload(content -> content.content(payload).contentType("application/json")));
        }
    }

    /** What is known to be there, in the order in which it was asked for. */
    List<Work> works() {
        return List.copyOf(works);
    }

    /** Takes what the cloud says of a work. */
    void replace(int index, Work work) {
        works.set(index, work);
    }

    /** Asks for so many, or until an answer does not come. */
    void make(int most) {
        for (int i = 0; i < most; i++) {
            Attempt attempt = kind == Kind.COMMAND ? command() : i % 3 == 2 && !works.isEmpty() ? cancel() : job();
            unanswered = attempt;
            try {
                attempt.send();
            } catch (AwsServiceException refused) {
                throw new IllegalStateException("refused", refused);
            } catch (RuntimeException killed) { // whatever the client says of a connection that ended
                return;
            }
            unanswered = null;
            acknowledged.run();
        }
    }

    /** Finds out what became of the request whose answer never came. The cloud is up. */
    void settle() {
        Attempt attempt = unanswered;
        unanswered = null;
        if (attempt != null) {
            attempt.send();
        }
    }

    private Attempt command() {
        int number = random.nextInt(PLANS.size());
        String thing = things.get(random.nextInt(things.size()));
        String token = UUID.randomUUID().toString();
        long seconds = 3L + random.nextInt(8);
        return () -> {
            String id = front.jobs()
                    .startCommandExecution(start -> start.commandArn(ROOT + "command/plan-" + number)
                            .targetArn(ROOT + "thing/" + thing)
                            .executionTimeoutSeconds(seconds)
                            .clientToken(token))
                    .executionId();
            works.add(new Work(kind, thing, id, PLANS.get(number), new Promise(0, Timer.RUNS, Cancel.NONE), List.of()));
        };
    }

    private Attempt job() {
        made++;
        String id = "job-" + made;
        WorkPlan plan = plan();
        int retries = plan.end() == End.FAILED ? 1 : 0;
        List<String> targets = random.nextInt(3) == 0 ? things : List.of(things.get(random.nextInt(things.size())));
        CreateJobRequest.Builder request = CreateJobRequest.builder()
                .jobId(id)
                .targets(targets.stream().map(thing -> ROOT + "thing/" + thing).toList())
                .document(plan.document());
        if (retries > 0) {
            RetryCriteria failed = RetryCriteria.builder()
                    .failureType(RetryableFailureType.FAILED)
                    .numberOfRetries(retries)
                    .build();
            request.jobExecutionsRetryConfig(retry -> retry.criteriaList(List.of(failed)));
        }
        Promise promise = new Promise(retries, Timer.NONE, Cancel.NONE);
        boolean[] isSent = {false};
        return () -> {
            if (isSent[0]) {
                try {
                    var unused = front.iot().describeJob(describe -> describe.jobId(id));
                } catch (ResourceNotFoundException none) {
                    return;
                }
            } else {
                isSent[0] = true;
                var unused = front.iot().createJob(request.build());
            }
            targets.forEach(thing -> works.add(new Work(kind, thing, id, plan, promise, List.of())));
        };
    }

    private WorkPlan plan() {
        return switch (random.nextInt(10)) {
            case 0, 1 -> new WorkPlan(4, 20, End.SUCCEEDED);
            case 2 -> new WorkPlan(1, 0, End.FAILED);
            case 3 -> new WorkPlan(1, 0, End.REJECTED);
            case 4 -> new WorkPlan(1, 0, End.NEVER);
            case 5 -> new WorkPlan(2, 5, End.REBOOT);
            default -> new WorkPlan(1 + random.nextInt(2), random.nextInt(10), End.SUCCEEDED);
        };
    }

    /** Cancels one of the last works, alone or with its whole job. */
    private Attempt cancel() {
        int newest = works.size() - 1 - random.nextInt(Math.min(5, works.size()));
        Work work = works.get(newest);
        boolean isForced = random.nextInt(3) > 0;
        return random.nextBoolean()
                ? () -> {
                    promise(work.id(), work.thing(), Cancel.ASKED);
                    try {
                        var unused = front.iot()
                                .cancelJobExecution(cancel -> cancel.jobId(work.id())
                                        .thingName(work.thing())
                                        .force(isForced));
                        promise(work.id(), work.thing(), Cancel.DONE);
                    } catch (InvalidStateTransitionException tooLate) {
                        // It is over, or in progress.
                    }
                }
                : () -> {
                    things.forEach(thing -> promise(work.id(), thing, Cancel.ASKED));
                    try {
                        var unused = front.iot()
                                .cancelJob(cancel -> cancel.jobId(work.id()).force(isForced));
                    } catch (InvalidRequestException tooLate) {
                        // It is complete.
                    }
                };
    }

    /** Cancels the jobs that would never end, as far as is known. The cloud is up. */
    void cancelEndless() {
        List<String> endless = works.stream()
                .filter(work -> work.plan().end() == End.NEVER && !work.isOver())
                .map(Work::id)
                .distinct()
                .toList();
        for (String id : endless) {
            things.forEach(thing -> promise(id, thing, Cancel.ASKED));
            var unused = front.iot().cancelJob(cancel -> cancel.jobId(id).force(true));
        }
    }

    private void promise(String id, String thing, Cancel cancel) {
        works.replaceAll(work -> work.id().equals(id)
                        && work.thing().equals(thing)
                        && work.promise().cancel() != Cancel.DONE
                ? work.with(new Promise(work.promise().retries(), work.promise().timer(), cancel))
                : work);
    }
}
