package dev.roundtrip.local.iot.job;

import java.util.List;
import java.util.Map;

/** A job, without its document and its counts. Times are in milliseconds since the epoch. Immutable.
 *
 * @param targets ARNs of things and thing groups
 * @param description may be empty
 */
record Job(
        String id,
        List<String> targets,
        TargetSelection targetSelection,
        JobStatus status,
        String description,
        Source source,
        JobConfigs configs,
        Times times,
        Ending ending) {

    Job {
        targets = List.copyOf(targets);
    }

    /** Where the document came from; texts are empty where they were not given.
     *
     * @param documentParameters of a managed template
     */
    record Source(
            String documentSource, String namespaceId, String jobTemplateArn, Map<String, String> documentParameters) {
        static final Source DOCUMENT = new Source("", "", "", Map.of());

        Source {
            documentParameters = Map.copyOf(documentParameters);
        }
    }

    /** When what happened.
     *
     * @param completedAt when the job was over; 0 before
     */
    record Times(long createdAt, long lastUpdatedAt, long completedAt) {}

    /** Why the job ended.
     *
     * @param forceCanceled whether it was cancelled with {@code force}
     * @param reasonCode may be empty
     * @param comment may be empty
     */
    record Ending(boolean forceCanceled, String reasonCode, String comment) {
        static final Ending NONE = new Ending(false, "", "");
    }

    /** The same in another status, since a moment. */
    Job in(JobStatus next, long now) {
        // A second cancellation does not move the end.
        long completedAt = next.isOver() && times.completedAt() == 0 ? now : times.completedAt();
        return new Job(
                id,
                targets,
                targetSelection,
                next,
                description,
                source,
                configs,
                new Times(times.createdAt(), now, completedAt),
                ending);
    }

    /** The same with a reason for its end. */
    Job ended(Ending why) {
        return new Job(id, targets, targetSelection, status, description, source, configs, times, why);
    }

    /** The same with what UpdateJob changes. */
    Job updated(String newDescription, JobConfigs newConfigs, long now) {
        Times updated = new Times(times.createdAt(), now, times.completedAt());
        return new Job(id, targets, targetSelection, status, newDescription, source, newConfigs, updated, ending);
    }

    /** The same with further targets. */
    Job withTargets(List<String> newTargets, long now) {
        Times updated = new Times(times.createdAt(), now, times.completedAt());
        return new Job(id, newTargets, targetSelection, status, description, source, configs, updated, ending);
    }
}
