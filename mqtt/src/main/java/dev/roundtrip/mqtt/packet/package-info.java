/** Reads and writes MQTT control packets as AWS IoT Core does. The reader rejects malformed packets. The
 * reader reads no byte past the end of a packet.
 */
@NullMarked
package dev.roundtrip.mqtt.packet;

import org.jspecify.annotations.NullMarked;
