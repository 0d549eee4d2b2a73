package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.ProtocolVersion;
import dev.roundtrip.mqtt.packet.ReasonCode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Says which client was refused for want of a permission, and by which code: a client itself often shows just the code. */
final class RefusalLog {
    private static final Logger LOG = System.getLogger(RefusalLog.class.getName());

    private RefusalLog() {}

    static void notAuthorized(ProtocolVersion version, String clientId, String problem) {
        LOG.log(
                Level.INFO,
                "The client {0} was refused: {1}. CONNACK {2}",
                clientId.isEmpty() ? "without a client id" : '"' + clientId + '"',
                problem,
                switch (version) {
                    case MQTT_5 -> "0x%02x".formatted(ReasonCode.NOT_AUTHORIZED.value());
                    case MQTT_3_1_1 ->
                        ConnAcks.NOT_AUTHORIZED_AT_AWS
                                + ", which AWS IoT sends where MQTT 3.1.1 has 5; clients call it an unknown reason";
                });
    }
}
