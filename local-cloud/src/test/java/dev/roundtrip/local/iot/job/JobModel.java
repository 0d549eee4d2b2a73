package dev.roundtrip.local.iot.job;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Jobs as a naive reader of the developer guide has them: lists that are looked through, and no rows. */
final class JobModel {
    private static final long MINUTE = 60_000;

    /** How a job is run; 0 where it has none.
     *
     * @param percentage of all failures, of at least two executions, that aborts the job
     */
    record Config(boolean continuous, int rate, int retries, int timeout, int percentage) {}

    static final class Execution {
        final String job;
        final String thing;
        final int number;
        final long place;
        final int attempt;
        String status = "QUEUED";
        long version = 1;
        long step;
        long inProgress;

        Execution(String job, String thing, int number, long place, int attempt) {
            this.job = job;
            this.thing = thing;
            this.number = number;
            this.place = place;
            this.attempt = attempt;
        }

        boolean isPending() {
            return status.equals("QUEUED") || status.equals("IN_PROGRESS");
        }

        long end() {
            return step == 0 || inProgress == 0 ? Math.max(step, inProgress) : Math.min(step, inProgress);
        }

        String id() {
            return job + "#" + number;
        }

        @Override
        public String toString() {
            return thing + " " + id() + " " + status + " v" + version;
        }
    }

    static final class Job {
        final Config config;
        final TreeSet<String> waiting;
        final Set<String> members;
        String status = "IN_PROGRESS";
        long minute = -MINUTE;
        int queued;
        boolean cancels;
        boolean force;

        Job(Config config, Set<String> things) {
            this.config = config;
            this.waiting = new TreeSet<>(things);
            this.members = new TreeSet<>(things);
        }
    }

    final Map<String, Job> jobs = new TreeMap<>();
    final List<Execution> executions = new ArrayList<>();
    final List<String> told = new ArrayList<>();
    long now;
    private long places;

    JobModel(long now) {
        this.now = now;
    }

    private Job job(String id) {
        return Objects.requireNonNull(jobs.get(id));
    }

    List<Execution> pending(String thing) {
        return executions.stream()
                .filter(each -> each.thing.equals(thing) && each.isPending())
                .sorted(Comparator.comparing((Execution each) -> each.status.equals("QUEUED"))
                        .thenComparingLong(each -> each.place))
                .toList();
    }

    Optional<Execution> latest(String job, String thing) {
        return executions.stream()
                .filter(each -> each.job.equals(job) && each.thing.equals(thing))
                .max(Comparator.comparingLong(each -> each.number));
    }

    long count(String job, String... statuses) {
        Set<String> wanted = Set.of(statuses);
        return executions.stream()
                .filter(each -> each.job.equals(job) && wanted.contains(each.status))
                .filter(each -> latest(job, each.thing).orElseThrow() == each)
                .count();
    }

    /** The table of notifications: {@code notify} where executions came or went, {@code notify-next} where another one is
     * next.
     */
    private void change(String thing, Runnable change) {
        List<String> before = pending(thing).stream().map(Execution::id).toList();
        change.run();
        List<Execution> now = pending(thing);
        List<String> after = now.stream().map(Execution::id).toList();
        if (!new TreeSet<>(before).equals(new TreeSet<>(after))) {
            told.add(thing + " notify " + now.stream().map(JobModel::shown).toList());
        }
        if (!first(before).equals(first(after))) {
            told.add(thing + " notify-next "
                    + now.stream().findFirst().map(JobModel::shown).orElse("none"));
        }
    }

    private static Optional<String> first(List<String> ids) {
        return ids.stream().findFirst();
    }

    private static String shown(Execution execution) {
        return execution.id() + " " + execution.status;
    }

    private void queue(String job, String thing, int attempt) {
        int number = latest(job, thing).map(each -> each.number).orElse(0) + 1;
        executions.add(new Execution(job, thing, number, places++, attempt));
    }

    void create(String id, Config config, Set<String> things) {
        jobs.put(id, new Job(config, things));
        rollOut(id);
    }

    private void rollOut(String id) {
        Job job = job(id);
        if (now >= job.minute + MINUTE) {
            job.minute = now;
            job.queued = 0;
        }
        while (job.queued < job.config.rate() && !job.waiting.isEmpty()) {
            String thing = job.waiting.pollFirst();
            change(thing, () -> queue(id, thing, 0));
            job.queued++;
        }
        completeIfDone(id);
    }

    private void completeIfDone(String id) {
        Job job = job(id);
        if (job.status.equals("IN_PROGRESS")
                && !job.config.continuous()
                && job.waiting.isEmpty()
                && count(id, "QUEUED", "IN_PROGRESS") == 0) {
            job.status = "COMPLETED";
        }
    }

    void startNext(String thing) {
        Optional<Execution> next = pending(thing).stream().findFirst();
        next.filter(each -> each.status.equals("QUEUED")).ifPresent(each -> report(each, "IN_PROGRESS", 0));
    }

    /** @return whether the thing may */
    boolean update(String id, String thing, String status, int stepMinutes) {
        Execution execution = latest(id, thing).filter(Execution::isPending).orElse(null);
        if (execution == null) {
            return false;
        }
        report(execution, status, stepMinutes);
        return true;
    }

    private void report(Execution execution, String status, int stepMinutes) {
        change(execution.thing, () -> {
            if (execution.status.equals("QUEUED")) {
                long timeout = job(execution.job).config.timeout();
                execution.inProgress = timeout == 0 ? 0 : now + timeout * MINUTE;
            }
            if (stepMinutes != 0) {
                execution.step = stepMinutes < 0 ? 0 : now + stepMinutes * MINUTE;
            }
            become(execution, status);
        });
    }

    private void become(Execution execution, String status) {
        execution.status = status;
        execution.version++;
        if (execution.isPending()) {
            return;
        }
        execution.step = 0;
        execution.inProgress = 0;
        Job job = job(execution.job);
        if (!job.status.equals("IN_PROGRESS")) {
            return;
        }
        boolean retryable = status.equals("FAILED") || status.equals("TIMED_OUT");
        if (retryable && execution.attempt < job.config.retries()) {
            queue(execution.job, execution.thing, execution.attempt + 1);
        }
        long failed = count(execution.job, "FAILED", "TIMED_OUT", "REJECTED");
        long executed = failed + count(execution.job, "SUCCEEDED");
        if (job.config.percentage() != 0 && executed >= 2 && failed * 100 >= job.config.percentage() * executed) {
            cancelJob(execution.job, false);
        }
        completeIfDone(execution.job);
    }

    void cancelJob(String id, boolean force) {
        Job job = job(id);
        job.status = "CANCELED";
        job.waiting.clear();
        job.cancels = true;
        job.force = force;
    }

    /** What is cancelled in steps is cancelled now. */
    void cancelAll() {
        jobs.forEach((id, job) -> {
            if (job.cancels) {
                job.cancels = false;
                List.copyOf(executions).stream()
                        .filter(each -> each.job.equals(id))
                        .forEach(each -> cancel(each, job.force));
            }
        });
    }

    void cancel(Execution execution, boolean force) {
        if (execution.status.equals("QUEUED") || (force && execution.status.equals("IN_PROGRESS"))) {
            change(execution.thing, () -> become(execution, "CANCELED"));
        }
    }

    void delete(Execution execution) {
        change(execution.thing, () -> executions.remove(execution));
        completeIfDone(execution.job);
    }

    void deleteJob(String id) {
        List.copyOf(executions).stream()
                .filter(each -> each.job.equals(id))
                .forEach(each -> change(each.thing, () -> executions.remove(each)));
        jobs.remove(id);
    }

    /** A thing comes to the targets of continuous jobs, or leaves them. */
    void move(String thing, boolean in) {
        change(
                thing,
                () -> jobs.forEach((id, job) -> {
                    if (!job.config.continuous()
                            || !job.status.equals("IN_PROGRESS")
                            || job.members.contains(thing) == in) {
                        return;
                    }
                    job.waiting.remove(thing);
                    if (in) {
                        job.members.add(thing);
                        queue(id, thing, 0);
                    } else {
                        job.members.remove(thing);
                        latest(id, thing).filter(Execution::isPending).ifPresent(each -> become(each, "REMOVED"));
                    }
                }));
    }

    /** Time passes: what is due happens at its own time. */
    void advance(long millis) {
        long end = now + millis;
        while (true) {
            Execution timer = executions.stream()
                    .filter(each -> each.end() != 0)
                    .min(Comparator.comparingLong(Execution::end))
                    .orElse(null);
            String rolling = jobs.keySet().stream()
                    .filter(id -> !job(id).waiting.isEmpty())
                    .min(Comparator.comparingLong(id -> job(id).minute))
                    .orElse(null);
            long timerEnd = timer == null ? Long.MAX_VALUE : timer.end();
            long minuteEnd = rolling == null ? Long.MAX_VALUE : job(rolling).minute + MINUTE;
            if (Math.min(timerEnd, minuteEnd) > end) {
                now = end;
                return;
            }
            now = Math.min(timerEnd, minuteEnd);
            if (timer != null && timerEnd <= minuteEnd) {
                change(timer.thing, () -> become(timer, "TIMED_OUT"));
                cancelAll();
            } else if (rolling != null) {
                rollOut(rolling);
            }
        }
    }
}
