package dev.roundtrip.local.faults;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Which faults there are, and how often each happened. Immutable.
 *
 * <p>A count has the fault's name in a {@link FaultSpec}. {@code forge} counts the requests that another device
 * answered too, {@code forge.refused} the answers in another device's name that the broker refused. A fault that did not
 * happen has no count. Counts are in the order of their names.
 *
 * @param spec the faults
 * @param sinceReplaced how often each happened since these faults took the place of others
 * @param sinceStart how often each happened since the broker was made, whatever the faults were
 */
public record FaultState(FaultSpec spec, Map<String, Long> sinceReplaced, Map<String, Long> sinceStart) {
    public FaultState {
        sinceReplaced = Collections.unmodifiableMap(new TreeMap<>(sinceReplaced));
        sinceStart = Collections.unmodifiableMap(new TreeMap<>(sinceStart));
    }
}
