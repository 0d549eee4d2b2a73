package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Applies values that are desired for properties of a shadow that have no handler of their own. */
@FunctionalInterface
public interface OtherProperties {

    /** Applies a value. Called by one thread of the shadow, and may block it; what comes meanwhile waits.
     *
     * @param property a member of the shadow's state, at its top; any name but {@code acks}
     * @param wanted what is desired; an array is one value, an object holds the members that differ
     * @return what the device reports, usually {@code wanted}; empty when the device says nothing of the value
     * @throws ShadowRefusedException when the device does not apply the value
     */
    Optional<JsonNode> apply(String property, JsonNode wanted) throws ShadowRefusedException;
}
