package dev.roundtrip.device.responder;

import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Order;
import dev.roundtrip.protocol.RequestKey;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.TraceParent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One call as it reached its device, valid and addressed to it.
 *
 * @param route where it came from, and where its answer goes
 * @param request the JSON value that the caller gave, as it was written, JSON null included
 * @param times when it was sent, when it came, and until when it may run
 * @param gateway who asks
 * @param order where it stands among others; null when it is not ordered
 * @param key what names its effect; null when nothing does
 * @param trace the trace that it belongs to; null when it belongs to none
 */
public record Command(
        Route route,
        JsonText request,
        Times times,
        Gateway gateway,
        @Nullable Order order,
        @Nullable RequestKey key,
        @Nullable TraceParent trace) {

    /** A command without order, key and trace, sent when it came. */
    public Command(Route route, JsonText request, Instant arrival, Instant deadline, Gateway gateway) {
        this(route, request, new Times(arrival, arrival, deadline), gateway, null, null, null);
    }

    /** The times of a command.
     *
     * @param sent when the gateway wrote it, by the gateway's clock
     * @param arrival when it came, by the device's clock
     * @param deadline after this instant, by the device's clock, it must not run
     */
    public record Times(Instant sent, Instant arrival, Instant deadline) {}

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

    /** When it came, by the device's clock. */
    public Instant arrival() {
        return times.arrival();
    }

    /** After this instant, by the device's clock, it must not run. */
    public Instant deadline() {
        return times.deadline();
    }

    /** Whether that it begins must be written down first. */
    boolean isKept() {
        return order != null || key != null;
    }
}
