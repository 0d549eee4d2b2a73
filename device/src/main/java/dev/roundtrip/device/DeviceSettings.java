package dev.roundtrip.device;

import dev.roundtrip.device.responder.Limits;
import dev.roundtrip.device.responder.Rules;
import dev.roundtrip.device.transport.Login;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What one device is.
 *
 * @param login who it is, where it connects, and how it proves itself
 * @param mqtt which MQTT it speaks
 * @param rules what it takes on, which calls take turns, and how much it remembers
 * @param store the file in which it remembers keys and counters; null when it forgets them at its end
 */
public record DeviceSettings(
        Login login,
        MqttVersion mqtt,
        Rules rules,
        @Nullable Path store) {

    /** A device on MQTT 5 with the default limits, which forgets keys and counters at its end. */
    public static DeviceSettings of(Login login) {
        return new DeviceSettings(login, MqttVersion.MQTT_5, Rules.of(Limits.DEFAULT), null);
    }

    /** The same device on another MQTT. */
    public DeviceSettings withMqtt(MqttVersion version) {
        return new DeviceSettings(login, version, rules, store);
    }

    /** The same device with other limits. */
    public DeviceSettings withLimits(Limits limits) {
        return withRules(new Rules(limits, rules.lanes(), rules.keeping()));
    }

    /** The same device with other rules. */
    public DeviceSettings withRules(Rules other) {
        return new DeviceSettings(login, mqtt, other, store);
    }

    /** The same device, which remembers keys and counters in that file. */
    public DeviceSettings withStore(Path file) {
        return new DeviceSettings(login, mqtt, rules, file);
    }
}
