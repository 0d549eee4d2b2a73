package dev.roundtrip.device;

import dev.roundtrip.device.transport.CrtMqtt3Transport;
import dev.roundtrip.device.transport.CrtMqtt5Transport;
import dev.roundtrip.device.transport.CrtNetwork;
import dev.roundtrip.device.transport.DeviceTransport;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TransportException;

/** Which MQTT a device speaks. */
public enum MqttVersion {
    /** MQTT 5: echoes correlation data; answers carry a content type and expire. */
    MQTT_5 {
        @Override
        DeviceTransport open(CrtNetwork network, Login login) throws TransportException {
            return new CrtMqtt5Transport(network, login);
        }
    },
    /** MQTT 3.1.1: topics and payloads alone. */
    MQTT_3 {
        @Override
        DeviceTransport open(CrtNetwork network, Login login) throws TransportException {
            return new CrtMqtt3Transport(network, login);
        }
    };

    abstract DeviceTransport open(CrtNetwork network, Login login) throws TransportException;
}
