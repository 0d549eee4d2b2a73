package dev.roundtrip.device;

import dev.roundtrip.device.operation.MethodCaller;
import dev.roundtrip.device.shadow.ShadowBuilder;
import dev.roundtrip.device.transport.DeviceFeature;
import dev.roundtrip.device.transport.TopicPublisher;
import dev.roundtrip.protocol.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a device does beside its methods. {@link DeviceBuilder} makes them; a program that connects many devices may
 * make its own.
 *
 * @param shadows by name; the classic one has none
 * @param others such as commands and jobs
 */
public record DeviceFeatures(Map<String, ShadowBuilder> shadows, List<Maker> others) {
    /** Nothing. */
    public static final DeviceFeatures NONE = new DeviceFeatures(Map.of(), List.of());

    /** Makes a feature of a device that begins to connect. */
    @FunctionalInterface
    public interface Maker {
        /** Makes it. */
        DeviceFeature make(Hosting hosting);
    }

    /** What a device gives to its features.
     *
     * @param device its name
     * @param publisher publishes on its connection
     * @param troubles told what somebody should look at
     * @param methods calls the device's own methods
     */
    public record Hosting(
            Target device, TopicPublisher publisher, Consumer<DeviceTrouble> troubles, MethodCaller methods) {}

    /** Copies both. */
    public DeviceFeatures {
        shadows = new LinkedHashMap<>(shadows);
        others = List.copyOf(others);
    }

    /** The same with these shadows.
     *
     * @param others by name; the classic one has none
     */
    public DeviceFeatures withShadows(Map<String, ShadowBuilder> others) {
        return new DeviceFeatures(others, this.others);
    }

    /** The same with one more. */
    public DeviceFeatures with(Maker maker) {
        List<Maker> more = new ArrayList<>(others);
        more.add(maker);
        return new DeviceFeatures(shadows, more);
    }
}
