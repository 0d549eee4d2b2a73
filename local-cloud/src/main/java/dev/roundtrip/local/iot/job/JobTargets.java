package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.group.ThingGroups;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The things that the targets of a job name. */
final class JobTargets {
    private final String things;
    private final String groups;

    JobTargets(Account account) {
        this.things = account.iotArn("thing/");
        this.groups = account.iotArn("thinggroup/");
    }

    /** The names of the things, each once.
     *
     * @param arns of things and thing groups
     * @throws Refusal when there is no such thing or thing group
     */
    Set<String> things(Snapshot rows, List<String> arns) throws Refusal {
        Set<String> names = new TreeSet<>();
        for (String arn : arns) {
            if (arn.startsWith(things)
                    && ThingRegistry.id(rows, arn.substring(things.length())).isPresent()) {
                names.add(arn.substring(things.length()));
            } else if (isGroup(rows, arn)) {
                names.addAll(ThingGroups.members(rows, arn.substring(groups.length())));
            } else {
                throw new Refusal(ErrorType.RESOURCE_NOT_FOUND, "The target does not exist (" + arn + ")");
            }
        }
        return names;
    }

    /** A continuous job with further groups as targets; their things wait for their executions. */
    Job added(JobTransaction change, Job before, List<String> added, String comment) throws Refusal {
        if (before.targetSelection() != TargetSelection.CONTINUOUS || before.status() != JobStatus.IN_PROGRESS) {
            throw Refusal.invalid("Job " + before.id() + " is " + before.targetSelection() + " and " + before.status()
                    + "; targets are added to CONTINUOUS jobs that are IN_PROGRESS");
        }
        if (Schedule.of(before).hasEnded(change.now())) {
            throw Refusal.invalid("Job " + before.id() + " is past its end time, and goes to no further things");
        }
        if (!added.stream().allMatch(arn -> arn.startsWith(groups))) {
            throw Refusal.invalid("targets must be ARNs of thing groups");
        }
        Set<String> all = new LinkedHashSet<>(before.targets());
        all.addAll(added);
        if (all.size() > JobInput.MAX_TARGETS) {
            throw new Refusal(ErrorType.LIMIT_EXCEEDED, "a job has at most " + JobInput.MAX_TARGETS + " targets");
        }
        if (!RolloutRows.isConcurrent(change.rows(), before.id())) {
            demandRoom(change.rows(), before.status());
        }
        Set<String> more = things(change.rows(), added);
        more.removeIf(thing -> RolloutRows.isMember(change.rows(), before, thing));
        RolloutRows.add(change.rows(), before, added, more);
        Job after = before.withTargets(List.copyOf(all), change.now());
        return comment.isEmpty()
                ? after
                : after.ended(new Job.Ending(false, before.ending().reasonCode(), comment));
    }

    /** Demands that a job may roll out where it does so at once. One that starts later is cancelled then, when there is
     * no room.
     */
    static void demandRoom(Snapshot rows, JobStatus atFirst) throws Refusal {
        if (atFirst == JobStatus.IN_PROGRESS && RolloutRows.isFull(rows)) {
            throw new Refusal(
                    ErrorType.LIMIT_EXCEEDED,
                    "at most " + RolloutRows.MAX_CONCURRENT + " jobs roll out or cancel executions at the same time");
        }
    }

    private boolean isGroup(Snapshot rows, String arn) {
        return arn.startsWith(groups) && ThingGroups.has(rows, arn.substring(groups.length()));
    }
}
