package dev.roundtrip.device.shadow;

import java.util.Map;

/** What a device does with one shadow.
 *
 * @param properties what the device applies, by name
 * @param others applies the other ones
 * @param clearing what a report takes out of {@code desired}
 */
record ShadowRules(Map<String, ShadowProperty> properties, OtherProperties others, Clearing clearing) {
    /** Copies the properties. */
    ShadowRules {
        properties = Map.copyOf(properties);
    }
}
