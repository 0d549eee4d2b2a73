package dev.roundtrip.device;

import dev.roundtrip.device.responder.Limits;
import dev.roundtrip.device.transport.Login;

/** What one device is.
 *
 * @param login who it is, where it connects, and how it proves itself
 * @param mqtt which MQTT it speaks
 * @param limits what it takes on
 */
public record DeviceSettings(Login login, MqttVersion mqtt, Limits limits) {

    /** A device on MQTT 5 with the default limits. */
    public static DeviceSettings of(Login login) {
        return new DeviceSettings(login, MqttVersion.MQTT_5, Limits.DEFAULT);
    }

    /** The same device on another MQTT. */
    public DeviceSettings withMqtt(MqttVersion version) {
        return new DeviceSettings(login, version, limits);
    }

    /** The same device with other limits. */
    public DeviceSettings withLimits(Limits other) {
        return new DeviceSettings(login, mqtt, other);
    }
}
