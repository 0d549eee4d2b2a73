package dev.roundtrip.device.responder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.method.RefusedException;
import dev.roundtrip.device.responder.Turnstiles.Ticket;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Lane;
import dev.roundtrip.protocol.MalformedNameException;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Order;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The methods that every device has: {@code lane.get} tells the counters of its lanes, {@code lane.set} sets those of
 * one.
 */
final class LaneMethods {
    private static final Method GET = new Method("lane.get");
    private static final Method SET = new Method("lane.set");

    private final Ledger ledger;
    private final Lanes lanes;
    private final Turnstiles turnstiles;

    LaneMethods(Ledger ledger, Lanes lanes, Turnstiles turnstiles) {
        this.ledger = ledger;
        this.lanes = lanes;
        this.turnstiles = turnstiles;
    }

    /** What to do about a command for one of these methods; null when it is for another. */
    @Nullable Decision decide(Command command) {
        boolean isGet = command.method().equals(GET);
        if (!isGet && !command.method().equals(SET)) {
            return null;
        }
        if (command.order() != null) {
            return new Decision.Refuse(Refusals.invalid(GET + " and " + SET + " take no sequence"));
        }
        return isGet ? get(command.request().tree()) : set(command);
    }

    private Decision get(JsonNode request) {
        JsonNode name = request.isObject() ? request.path("lane") : request;
        if (name.isNull() || name.isMissingNode()) {
            return Decision.run((given, call) -> JsonText.of(all()));
        }
        try {
            Method lane = new Method(name.isTextual() ? name.textValue() : "");
            return Decision.run((given, call) -> JsonText.of(written(ledger.lane(lane))));
        } catch (MalformedNameException noLane) {
            return new Decision.Refuse(Refusals.invalid("lane must be the name of a lane, or be left out"));
        }
    }

    private ObjectNode all() {
        ObjectNode all = Json.object().put("epoch", ledger.epoch().value());
        ArrayNode written = all.putArray("lanes");
        ledger.lanes().forEach(lane -> written.add(written(lane)));
        return all;
    }

    private static ObjectNode written(Lane lane) {
        ObjectNode written = Json.object()
                .put("name", lane.name().value())
                .put("epoch", lane.epoch().value())
                .put("last", lane.last());
        if (lane.lastId() != null) {
            written.put("lastId", lane.lastId().toString());
        }
        return written;
    }

    private Decision set(Command command) {
        JsonNode request = command.request().tree();
        JsonNode name = request.path("lane");
        JsonNode last = request.path("last");
        JsonNode epoch = request.path("epoch");
        boolean isWhole = last.isIntegralNumber()
                && last.canConvertToLong()
                && last.longValue() >= 0
                && last.longValue() <= Order.MAX_SEQUENCE;
        if (!name.isTextual() || !isWhole || !(epoch.isMissingNode() || epoch.isTextual())) {
            return new Decision.Refuse(Refusals.invalid("request must be an object with lane, a name; last, 0 to "
                    + Order.MAX_SEQUENCE + "; and perhaps epoch, the one that is expected"));
        }
        Method lane;
        try {
            lane = new Method(name.textValue());
        } catch (MalformedNameException noLane) {
            return new Decision.Refuse(Refusals.invalid("lane must be the name of a lane"));
        }
        String expected = epoch.textValue();
        String queue = lanes.queueOf(lane);
        // Where this call takes its turn in the same queue, it has its turn already, and would wait for itself.
        boolean hasItsTurn = queue.equals(lanes.queueOf(command));
        return Decision.run((given, call) -> {
            if (hasItsTurn) {
                return change(lane, last.longValue(), expected);
            }
            try (Ticket ticket = turnstiles.join(queue)) {
                ticket.awaitTurn();
                return change(lane, last.longValue(), expected);
            }
        });
    }

    private JsonText change(Method lane, long last, @Nullable String expected) throws RefusedException {
        Lane now = ledger.lane(lane);
        if (expected != null && !expected.equals(now.epoch().value())) {
            throw new RefusedException(Refusals.outOfSequence(
                    "the counters of lane '" + lane + "' have the epoch " + now.epoch() + ", not the expected one"));
        }
        if (!ledger.hasRoomFor(lane)) {
            throw new RefusedException(Refusals.TOO_MANY_LANES);
        }
        try {
            return JsonText.of(written(ledger.set(lane, last)));
        } catch (IOException notWritten) {
            throw new RefusedException(Refusals.NOT_WRITTEN);
        }
    }
}
