package dev.roundtrip.device.responder;

import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Route;
import java.time.Instant;

/** One call as it reached its device, valid and addressed to it.
 *
 * @param route where it came from, and where its answer goes
 * @param request the JSON value that the caller gave, as it was written, JSON null included
 * @param arrival when it came, by the device's clock
 * @param deadline after this instant, by the device's clock, it must not run
 * @param gateway who asks
 */
public record Command(Route route, JsonText request, Instant arrival, Instant deadline, Gateway gateway) {

    /** Which gateway asks, as far as its request shows it. */
    public enum Gateway {
        /** Reads why a command did not run. */
        ROUNDTRIP,
        /** The AWS sample's of 2022: it sends no deadline, and takes every answer for success, an error too. */
        SAMPLE
    }

    /** The call's name. */
    public MessageId id() {
        return route.id();
    }

    /** What shall be done. */
    public Method method() {
        return route.method();
    }
}
