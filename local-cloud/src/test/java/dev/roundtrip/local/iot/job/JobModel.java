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
import java.util.stream.Collectors;

/** Jobs as a naive reader of the developer guide has them: lists that are looked through, and no rows. */
final class JobModel {
    private static final long MINUTE = 60_000;

    /** How a job is run; 0 where it has none.
     *
     * @param percentage of all failures, of at least two executions, that aborts the job
     * @param start when the job starts, in milliseconds; 0 for at once
     * @param windowed whether it has maintenance windows: two minutes of each ten
     */
    record Config(
            boolean continuous, int rate, int retries, int timeout, int percentage, long start, boolean windowed) {
        boolean isOpen(long now) {
            return start <= now && (!windowed || now / MINUTE % 10 < 2);
        }

        /** When a window opens or closes next. */
        long nextWindow(long now) {
            long minute = Math.max(now, start) / MINUTE + 1;
            while (minute % 10 != 0 && minute % 10 != 2) {
                minute++;
            }
            return minute * MINUTE;
        }
    }

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
        boolean hidden;

        Execution(String job, String thing, int number, long place, int attempt) {
            this.job = job;
            this.thing = thing;
            this.number = number;
            this.place = place;
            this.attempt = attempt;
        }

        boolean isShown() {
            return isPending() && !hidden;
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
        final Set<String> groups = new TreeSet<>();
        String status;
        long minute = -MINUTE;
        int queued;
        boolean cancels;
        boolean force;

        Job(Config config, Set<String> things, long now) {
            this.config = config;
            this.waiting = new TreeSet<>(things);
            this.members = new TreeSet<>(things);
            this.status = config.isOpen(now) ? "IN_PROGRESS" : "SCHEDULED";
        }

        boolean isRollingOut() {
            return status.equals("IN_PROGRESS") && !waiting.isEmpty();
        }

        /** When the roll-out goes on, the job starts, or a window opens or closes. */
        long next(long now) {
            long next = isRollingOut() ? minute + MINUTE : Long.MAX_VALUE;
            if (isRunning() && config.start() > now) {
                next = Math.min(next, config.start());
            }
            return isRunning() && config.windowed() ? Math.min(next, config.nextWindow(now)) : next;
        }

        boolean isRunning() {
            return status.equals("IN_PROGRESS") || status.equals("SCHEDULED");
        }
    }

    final Map<String, Job> jobs = new TreeMap<>();

    /** The things of each group. */
    final Map<String, Set<String>> groups = new TreeMap<>();

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
                .filter(each -> each.thing.equals(thing) && each.isShown())
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

    /** The table of notifications: {@code notify} where executions came or went, {@code notify-next} where another one
     * is next. One that a thing is not shown and reports as in progress is shown from then on, and tells no list.
     */
    private void change(String thing, Runnable change) {
        List<String> before = pending(thing).stream().map(Execution::id).toList();
        change.run();
        List<Execution> now = pending(thing);
        List<String> after = now.stream().map(Execution::id).toList();
        Set<String> listed = now.stream()
                .filter(each -> each.status.equals("QUEUED") || before.contains(each.id()))
                .map(Execution::id)
                .collect(Collectors.toSet());
        if (!Set.copyOf(before).equals(listed)) {
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
        Execution queued = new Execution(job, thing, number, places++, attempt);
        queued.hidden = !job(job).config.isOpen(now);
        executions.add(queued);
    }

    /** @param targets groups of a continuous job, and things of another one */
    void create(String id, Config config, Set<String> targets) {
        Job job = new Job(config, config.continuous() ? things(targets) : targets, now);
        if (config.continuous()) {
            job.groups.addAll(targets);
        }
        jobs.put(id, job);
        if (job.status.equals("IN_PROGRESS")) {
            rollOut(id);
        }
    }

    private Set<String> things(Set<String> of) {
        Set<String> things = new TreeSet<>();
        of.forEach(group -> things.addAll(Objects.requireNonNull(groups.get(group))));
        return things;
    }

    /** The roll-outs, starts and windows of this moment: all roll-outs that go on, then all changes of status, then the
     * roll-outs that begin, then what is shown or hidden.
     */
    private void happen() {
        Set<String> begun = new TreeSet<>();
        Set<String> swept = new TreeSet<>();
        jobs.forEach((id, job) -> {
            if (job.minute + MINUTE == now && job.isRollingOut()) {
                rollOut(id);
            }
        });
        jobs.forEach((id, job) -> {
            boolean isWindow = job.config.windowed() && job.config.nextWindow(now - 1) == now;
            if (!job.isRunning() || !(isWindow || job.config.start() == now)) {
                return;
            }
            swept.add(id);
            if (!job.config.isOpen(now)) {
                job.status = "SCHEDULED";
                job.minute = -MINUTE;
            } else if (job.status.equals("SCHEDULED")) {
                job.status = "IN_PROGRESS";
                begun.add(id);
            }
        });
        begun.forEach(this::rollOut);
        swept.forEach(this::sweep);
    }

    /** What is queued is shown while the job is open, and hidden otherwise. */
    private void sweep(String id) {
        boolean hidden = !job(id).config.isOpen(now);
        executions.stream()
                .filter(each -> each.job.equals(id) && each.status.equals("QUEUED"))
                .forEach(each -> change(each.thing, () -> each.hidden = hidden));
    }

    /** @return whether another group may be a target */
    boolean associate(String id, String group) {
        Job job = jobs.get(id);
        if (job == null || !job.config.continuous() || !job.status.equals("IN_PROGRESS")) {
            return false;
        }
        job.groups.add(group);
        for (String thing : things(Set.of(group))) {
            if (job.members.add(thing)) {
                job.waiting.add(thing);
            }
        }
        rollOut(id);
        return true;
    }

    private void rollOut(String id) {
        Job job = job(id);
        if (!job.config.isOpen(now)) {
            return;
        }
        if (now >= job.minute + MINUTE) {
            job.minute = now;
            job.queued = 0;
        }
        while (job.queued < job.config.rate() && !job.waiting.isEmpty()) {
            String thing = job.waiting.pollFirst();
            change(thing, () -> queue(id, thing, 0));
            job.queued++;
        }
        if (job.waiting.isEmpty()) {
            // The next things to wait begin a minute of their own.
            job.minute = -MINUTE;
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
            execution.hidden = false;
            return;
        }
        execution.step = 0;
        execution.inProgress = 0;
        Job job = job(execution.job);
        if (!job.isRunning()) {
            return;
        }
        boolean retryable = status.equals("FAILED") || status.equals("TIMED_OUT");
        if (retryable && execution.attempt < job.config.retries()) {
            queue(execution.job, execution.thing, execution.attempt + 1);
        }
        long failed = count(execution.job, "FAILED", "TIMED_OUT", "REJECTED");
        long executed = failed + count(execution.job, "SUCCEEDED");
        if (job.config.percentage() != 0 && executed >= 2 && failed * 100 >= job.config.percentage() * executed) {
            boolean unused = cancelJob(execution.job, false);
        }
        completeIfDone(execution.job);
    }

    /** @return whether it may be cancelled; a second time, too */
    boolean cancelJob(String id, boolean force) {
        Job job = jobs.get(id);
        if (job == null || job.status.equals("COMPLETED")) {
            return false;
        }
        job.status = "CANCELED";
        job.waiting.clear();
        job.cancels = true;
        job.force |= force;
        return true;
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

    /** @return whether the latest execution may be cancelled */
    boolean cancelExecution(String id, String thing, boolean force) {
        Execution latest = latest(id, thing).orElse(null);
        if (latest == null || !(latest.status.equals("QUEUED") || (force && latest.isPending()))) {
            return false;
        }
        cancel(latest, force);
        return true;
    }

    /** @return whether the latest execution may be deleted */
    boolean deleteExecution(String id, String thing, boolean force) {
        Execution latest = latest(id, thing).orElse(null);
        if (latest == null || (latest.isPending() && !force)) {
            return false;
        }
        change(thing, () -> executions.remove(latest));
        completeIfDone(id);
        return true;
    }

    /** @return whether the job may be deleted */
    boolean deleteJob(String id, boolean force) {
        Job job = jobs.get(id);
        if (job == null || (job.isRunning() && !force)) {
            return false;
        }
        List.copyOf(executions).stream()
                .filter(each -> each.job.equals(id))
                .forEach(each -> change(each.thing, () -> executions.remove(each)));
        jobs.remove(id);
        return true;
    }

    /** A thing comes into a group, or leaves it, and continuous jobs follow. */
    void move(String thing, String group, boolean in) {
        Set<String> members = Objects.requireNonNull(groups.get(group));
        boolean unused = in ? members.add(thing) : members.remove(thing);
        change(
                thing,
                () -> jobs.forEach((id, job) -> {
                    boolean wanted = things(job.groups).contains(thing);
                    if (!job.config.continuous() || !job.isRunning() || job.members.contains(thing) == wanted) {
                        return;
                    }
                    job.waiting.remove(thing);
                    if (!wanted) {
                        job.members.remove(thing);
                        latest(id, thing).filter(Execution::isPending).ifPresent(each -> become(each, "REMOVED"));
                    } else {
                        job.members.add(thing);
                        if (job.status.equals("SCHEDULED")) {
                            job.waiting.add(thing);
                        } else {
                            queue(id, thing, 0);
                        }
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
            long timerEnd = timer == null ? Long.MAX_VALUE : timer.end();
            long jobsNext =
                    jobs.values().stream().mapToLong(job -> job.next(now)).min().orElse(Long.MAX_VALUE);
            long next = Math.min(timerEnd, jobsNext);
            if (next > end) {
                now = end;
                return;
            }
            now = next;
            if (timer != null && timerEnd == next) {
                change(timer.thing, () -> become(timer, "TIMED_OUT"));
                cancelAll();
            } else {
                happen();
            }
        }
    }
}
