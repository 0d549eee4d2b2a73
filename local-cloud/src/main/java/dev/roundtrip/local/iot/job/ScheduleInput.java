package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.job.JobConfigs.MaintenanceWindow;
import dev.roundtrip.local.iot.job.JobConfigs.Scheduling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The schedule that a request names. Source of the bounds: service model {@code iot-2015-05-28}. */
final class ScheduleInput {
    private static final long LEAST = Duration.ofMinutes(30).toMillis();
    private static final long LATEST_START = Duration.ofDays(365).toMillis();
    private static final long LATEST_END = Duration.ofDays(2 * 365).toMillis();
    private static final int MAX_TIME = 64;
    private static final int MAX_CRON = 256;
    private static final int MAX_MINUTES = 1430;
    private static final Set<String> END_BEHAVIORS = Set.of("STOP_ROLLOUT", "CANCEL", "FORCE_CANCEL");

    private ScheduleInput() {}

    /** A schedule that can be read. */
    static Scheduling schedule(JsonNode given) throws Refusal {
        String behavior = text(given, "endBehavior", MAX_TIME);
        if (behavior != null && !END_BEHAVIORS.contains(behavior)) {
            throw Refusal.invalid("endBehavior must be one of STOP_ROLLOUT, CANCEL, FORCE_CANCEL");
        }
        List<MaintenanceWindow> windows = new ArrayList<>();
        for (JsonNode window : JobInput.list(given, "maintenanceWindows")) {
            String start = text(window, "startTime", MAX_CRON);
            if (start == null) {
                throw Refusal.invalid("startTime of a maintenance window is missing");
            }
            windows.add(new MaintenanceWindow(start, (int)
                    JobInput.number(window.path("durationInMinutes"), "durationInMinutes", 1, MAX_MINUTES)));
        }
        if (windows.size() > OpenFacts.MAX_MAINTENANCE_WINDOWS) {
            throw Refusal.invalid("a job has at most " + OpenFacts.MAX_MAINTENANCE_WINDOWS + " maintenance windows");
        }
        Scheduling scheduling =
                new Scheduling(text(given, "startTime", MAX_TIME), text(given, "endTime", MAX_TIME), behavior, windows);
        try {
            var unused = Schedule.of(scheduling);
        } catch (IllegalArgumentException wrong) {
            throw Refusal.invalid("schedulingConfig: " + wrong.getMessage());
        }
        return scheduling;
    }

    private static @Nullable String text(JsonNode given, String name, int longest) throws Refusal {
        JsonNode text = given.path(name);
        if (JobInput.isAbsent(text)) {
            return null;
        }
        if (!text.isTextual() || text.textValue().isEmpty() || text.textValue().length() > longest) {
            throw Refusal.invalid(name + " must be a string of 1 to " + longest + " characters");
        }
        return text.textValue();
    }

    /** Demands that a schedule fits a job that is made now. */
    static void check(@Nullable Scheduling given, TargetSelection selection, long now) throws Refusal {
        Schedule schedule = Schedule.of(given);
        long start = schedule.start();
        long end = schedule.end();
        if (start != 0 && (start < now + LEAST || start > now + LATEST_START)) {
            throw Refusal.invalid("startTime must be at least 30 minutes and at most one year from now");
        }
        if (end != 0 && (end < Math.max(now, start) + LEAST || end > now + LATEST_END)) {
            throw Refusal.invalid("endTime must be at least 30 minutes from now and from startTime, and at most two"
                    + " years from now");
        }
        if (end == 0 && given != null && given.endBehavior() != null) {
            throw Refusal.invalid("endBehavior needs endTime");
        }
        if (!schedule.windows().isEmpty() && selection != TargetSelection.CONTINUOUS) {
            throw Refusal.invalid("maintenanceWindows are for jobs with targetSelection CONTINUOUS");
        }
    }
}
