package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.roundtrip.protocol.Json;
import java.util.Map;

/** One report.
 *
 * @param said what it says of each property
 * @param cleared what it takes out of {@code desired}
 */
record Report(Map<String, Said> said, Cleared.Part cleared) {
    /** How much a report says, in bytes of JSON, about; our choice, a little less than the 8 KB that a state has. */
    static final int MAX_BYTES = 8_000;

    /** Punctuation and {@code null}. */
    private static final int OVERHEAD = 6;

    /** How long the name of a member is in a report. */
    static int bytes(String name) {
        return Json.write(TextNode.valueOf(name)).length + OVERHEAD;
    }

    boolean isClearing() {
        return !cleared.isEmpty();
    }

    /** The member {@code state}, as the service takes it. */
    ObjectNode state() {
        ObjectNode state = Json.object();
        if (!said.isEmpty()) {
            state.set("reported", reported());
        }
        if (cleared.isEverything()) {
            state.putNull("desired");
        } else if (isClearing()) {
            ObjectNode desired = state.putObject("desired");
            cleared.applied().keySet().forEach(desired::putNull);
        }
        return state;
    }

    private ObjectNode reported() {
        ObjectNode reported = Json.object();
        ObjectNode acks = Json.object();
        said.forEach((name, each) -> {
            if (each.value() != null) {
                reported.set(name, each.value());
            }
            if (each.ack() != null) {
                acks.set(name, each.ack());
            }
        });
        if (!acks.isEmpty()) {
            reported.set(ShadowAgent.ACKS, acks);
        }
        return reported;
    }
}
