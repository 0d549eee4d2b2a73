package dev.roundtrip.local.story;

import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Step;
import dev.roundtrip.protocol.MalformedNameException;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call, as far as the journal has it. Immutable.
 *
 * @param id the call's id; null when no message named it, and the answer did not
 * @param requestId of API Gateway; null when the journal does not join the two
 * @param route the names of the request's topic; null when none was published
 * @param steps in order, at least one
 * @param end the step that answered the caller; null when there is none yet
 * @param outcome what the caller was told; null without an end
 * @param mayLack whether steps may be missing
 * @param before the last step before the request in which the target connected or left; null when there is none
 * @param after the first such step of all, when there is none before the request; null when there is none at all
 */
public record Story(
        @Nullable MessageId id,
        @Nullable String requestId,
        @Nullable Route route,
        List<Entry> steps,
        @Nullable Entry end,
        @Nullable Outcome outcome,
        boolean mayLack,
        @Nullable Entry before,
        @Nullable Entry after) {
    private static final String INVOKE = "/Prod/invoke/";

    public Story {
        steps = List.copyOf(steps);
    }

    /** When it began, as far as the journal knows. */
    public Entry first() {
        return steps.getFirst();
    }

    /** Whether the caller has an answer. */
    public boolean isComplete() {
        return end != null;
    }

    /** Whether the caller was told of a failure. */
    public boolean isFailure() {
        return outcome != null && outcome.isFailure();
    }

    /** The device that was asked; null when nobody knows. */
    public @Nullable String target() {
        return route == null ? ofPath(0) : route.target().value();
    }

    /** What the device was asked for; null when nobody knows. */
    public @Nullable String method() {
        return route == null ? ofPath(1) : route.method().value();
    }

    /** The ARN of who signed the request; null when nobody is known to have signed. */
    public @Nullable String caller() {
        for (Entry step : steps) {
            if (step.step() == Step.AUTHORIZED || step.step() == Step.REFUSED) {
                return step.client();
            }
        }
        return null;
    }

    String requestTopic() {
        return route == null ? "" : route.requestTopic().toString();
    }

    /** Where the gateway waits for the answer; empty when nobody knows, or no answer can have this topic. */
    String answerTopic() {
        try {
            return route == null ? "" : route.answerTopic().toString();
        } catch (MalformedNameException tooLong) {
            return "";
        }
    }

    /** The call as payloads name it. */
    String wireId() {
        return route == null ? "" : route.wireId().toString();
    }

    /** A name in the path of the request. */
    private @Nullable String ofPath(int place) {
        for (Entry step : steps) {
            String detail = step.detail();
            if (step.step() == Step.RECEIVED && detail != null && detail.contains(INVOKE)) {
                String[] names = detail.substring(detail.indexOf(INVOKE) + INVOKE.length())
                        .split("/", 3);
                return names.length == 2 && !names[place].isEmpty() ? names[place] : null;
            }
        }
        return null;
    }
}
