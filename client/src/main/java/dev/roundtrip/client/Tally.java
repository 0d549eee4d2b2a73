package dev.roundtrip.client;

import dev.roundtrip.client.Outcome.CallFacts;
import dev.roundtrip.client.Outcome.DeviceFacts;
import dev.roundtrip.protocol.MessageId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The tries of a call so far.
 *
 * @param tries how many, the last one included
 * @param unknown of how many before the last one nobody knows whether they ran
 * @param elapsed from the beginning of the call to the end of the last try
 */
record Tally(int tries, int unknown, Duration elapsed) {

    /** Of a call whose last try ran, or did not run. */
    CallFacts known(int status, @Nullable MessageId id, DeviceFacts device) {
        return new CallFacts(tries, unknown, elapsed, status, id, device);
    }

    /** Of a call whose last try may have run. */
    CallFacts unknown(int status, @Nullable MessageId id) {
        return new CallFacts(tries, unknown + 1, elapsed, status, id, DeviceFacts.NONE);
    }

    /** Of a call whose last try sent nothing. */
    CallFacts unsent() {
        return known(0, null, DeviceFacts.NONE);
    }
}
