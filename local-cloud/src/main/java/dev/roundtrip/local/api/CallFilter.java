package dev.roundtrip.local.api;

import dev.roundtrip.local.story.Story;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which calls somebody wants to see. Immutable.
 *
 * @param device the name of the target; null for all
 * @param caller the ARN of the caller, or what stands behind its last slash; null for all
 * @param failed whether failures alone
 */
record CallFilter(@Nullable String device, @Nullable String caller, boolean failed) {
    static final Set<String> NAMES = Set.of("device", "caller", "failed");

    static CallFilter of(Parameters query) throws Refusal {
        return new CallFilter(query.text("device"), query.text("caller"), query.flag("failed"));
    }

    boolean takes(Story story) {
        return (device == null || device.equals(story.target()))
                && (caller == null || isCaller(caller, story.caller()))
                && (!failed || story.isFailure());
    }

    private static boolean isCaller(String wanted, @Nullable String arn) {
        return arn != null && (arn.equals(wanted) || arn.endsWith("/" + wanted));
    }
}
