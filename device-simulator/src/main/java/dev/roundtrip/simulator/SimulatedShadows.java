package dev.roundtrip.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.shadow.OtherProperties;
import dev.roundtrip.device.shadow.ShadowBuilder;
import dev.roundtrip.device.shadow.ShadowRefusedException;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.ShadowEvent.Desired;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The shadows that a device keeps.
 *
 * @param names of the shadows; empty for the classic one
 * @param handler what the device does about a desired value
 * @param afterwards what becomes of {@code desired} once a value is applied
 * @param listener hears what the device did; called by the threads of the shadows
 */
public record SimulatedShadows(
        List<String> names, OtherProperties handler, Afterwards afterwards, Consumer<ShadowEvent> listener) {
    /** A device without a shadow. */
    public static final SimulatedShadows NONE =
            new SimulatedShadows(List.of(), (property, wanted) -> Optional.empty(), Afterwards.KEEP, event -> {});

    /** What becomes of {@code desired}. */
    public enum Afterwards {
        KEEP,
        CLEAR
    }

    /** Copies the names. */
    public SimulatedShadows {
        names = List.copyOf(names);
    }

    /** Describes them for one device. */
    Map<String, ShadowBuilder> of(Target device) {
        Map<String, ShadowBuilder> builders = new LinkedHashMap<>();
        for (String name : names) {
            ShadowBuilder builder = new ShadowBuilder(Json.mapper())
                    .onOther((property, wanted) -> heard(new Desired(device, name, property, wanted)));
            builders.put(
                    name,
                    switch (afterwards) {
                        case KEEP -> builder;
                        case CLEAR -> builder.clearingAllDesired();
                    });
        }
        return builders;
    }

    private Optional<JsonNode> heard(Desired desired) throws ShadowRefusedException {
        try {
            Optional<JsonNode> reported = handler.apply(desired.property(), desired.value());
            listener.accept(reported.<ShadowEvent>map(value -> new ShadowEvent.Applied(desired, value))
                    .orElseGet(() -> new ShadowEvent.Ignored(desired)));
            return reported;
        } catch (ShadowRefusedException refused) {
            listener.accept(new ShadowEvent.Refused(desired, refused.code()));
            throw refused;
        }
    }
}
