package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import java.time.Duration;

/** A message to one client by name.
 *
 * @param publication its content
 * @param qos {@link Qos#AT_LEAST_ONCE} when the client shall confirm it
 * @param patience how long to wait for that
 */
public record DirectMessage(Publication publication, Qos qos, Duration patience) {}
