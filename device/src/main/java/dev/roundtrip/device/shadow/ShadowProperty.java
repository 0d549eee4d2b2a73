package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;

/** Applies a value that is desired for one property of a shadow. May block. */
@FunctionalInterface
public interface ShadowProperty {

    /** Applies it.
     *
     * @param wanted what is desired; an array is one value, an object holds the members that differ
     * @return what the device reports: usually {@code wanted}
     * @throws ShadowRefusedException when the device does not apply the value
     */
    JsonNode apply(JsonNode wanted) throws ShadowRefusedException;
}
