package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a device does with one shadow.
 *
 * @param properties what the device applies, by name
 * @param others applies the other ones
 * @param clearing what a report takes out of {@code desired}
 */
record ShadowRules(Map<String, ShadowProperty> properties, OtherProperties others, Clearing clearing) {
    private static final int BROKEN = 500;

    /** Copies the properties. */
    ShadowRules {
        properties = Map.copyOf(properties);
    }

    /** Applies a desired value.
     *
     * @return what the device says; null when it says nothing
     */
    @Nullable Said apply(String name, Wanted wanted) {
        ShadowProperty property = properties.get(name);
        try {
            Optional<JsonNode> reported =
                    property == null ? others.apply(name, wanted.value()) : Optional.of(property.apply(wanted.value()));
            return reported.map(value -> said(value, wanted)).orElse(null);
        } catch (ShadowRefusedException refused) {
            return Said.refused(refused.code(), wanted.version(), String.valueOf(refused.getMessage()));
        } catch (RuntimeException | Error defect) {
            return Said.refused(BROKEN, wanted.version(), "the device's handler is broken");
        }
    }

    private static Said said(JsonNode value, Wanted wanted) {
        return Said.fits(value)
                ? Said.applied(value, wanted.version())
                : Said.refused(BROKEN, wanted.version(), "the device reports more than a shadow can hold");
    }
}
