package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Describes what a device does with one shadow. Used by one thread. */
public final class ShadowBuilder {
    private static final int INVALID = 400;

    private final ObjectMapper mapper;
    private final Map<String, ShadowProperty> properties = new LinkedHashMap<>();
    private final Map<String, JsonNode> initial = new LinkedHashMap<>();
    private OtherProperties others = (property, wanted) -> Optional.empty();
    private Clearing clearing = Clearing.NOTHING;

    /** @param mapper reads values, and writes what is reported */
    public ShadowBuilder(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** Applies what is desired for a property. A value that is no {@code T} is refused with 400, and the handler is not
     * called.
     *
     * @param property a member of the shadow's state, at its top
     * @throws IllegalArgumentException when there is a handler already, or the property is {@code acks}, where the
     *     device's acknowledgements are
     */
    public <T> ShadowBuilder on(String property, Class<T> type, ShadowHandler<T> handler) {
        checkOurs(property);
        if (properties.putIfAbsent(property, wanted -> written(handler.apply(read(wanted, type)))) != null) {
            throw new IllegalArgumentException("there are two handlers of '" + property + "'");
        }
        return this;
    }

    /** Applies what is desired for properties that have no handler of their own. Without this, they are left alone.
     *
     * <pre>{@code
     * shadow.onOther((property, wanted) -> Optional.of(settings.put(property, wanted)));
     * }</pre>
     */
    public ShadowBuilder onOther(OtherProperties handler) {
        others = handler;
        return this;
    }

    /** Says what the device is when it starts, before it applies anything. After a restart the shadow may hold another
     * value: what was not confirmed, and what changed meanwhile, is reported with this.
     *
     * @param property a member of the shadow's state, at its top
     * @param value null removes the property
     * @throws IllegalArgumentException when the property is {@code acks}, or the value is no JSON of up to 8 KB
     */
    public ShadowBuilder reporting(String property, @Nullable Object value) {
        checkOurs(property);
        JsonNode tree = tree(value);
        if (!Said.fits(tree)) {
            throw new IllegalArgumentException(
                    "a reported value has at most " + Said.MAX_VALUE_BYTES + " bytes of JSON");
        }
        initial.put(property, tree);
        return this;
    }

    /** Takes a value out of {@code desired} once it is applied, so that it does not come back when the device changes
     * the property by itself later. Without this, it stays.
     */
    public ShadowBuilder clearingDesired() {
        clearing = Clearing.APPLIED;
        return this;
    }

    /** Takes everything out of {@code desired} once a value is applied, with {@code "desired":null} in the report: also
     * what was refused, and what no handler knows. Without this, it stays.
     */
    public ShadowBuilder clearingAllDesired() {
        clearing = Clearing.EVERYTHING;
        return this;
    }

    private static void checkOurs(String property) {
        if (property.equals(ShadowAgent.ACKS)) {
            throw new IllegalArgumentException("the property '" + property + "' belongs to the library");
        }
    }

    private <T> T read(JsonNode wanted, Class<T> type) throws ShadowRefusedException {
        try {
            T read = mapper.treeToValue(wanted, type);
            if (read != null) {
                return read;
            }
        } catch (JsonProcessingException unfit) {
            // Its message may quote the value.
        }
        throw new ShadowRefusedException(INVALID, "the value is no " + type.getSimpleName());
    }

    private JsonNode written(@Nullable Object reported) {
        return mapper.valueToTree(reported);
    }

    ShadowAgent agent() {
        ShadowAgent agent = new ShadowAgent(new ShadowRules(properties, others, clearing));
        initial.forEach(agent::report);
        return agent;
    }

    JsonNode tree(@Nullable Object value) {
        return mapper.valueToTree(value);
    }
}
