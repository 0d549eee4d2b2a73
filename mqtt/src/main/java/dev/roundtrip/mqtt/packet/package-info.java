/** MQTT control packets as AWS IoT Core takes and sends them, and their bytes; strict, and bounded by each packet's own
 * length.
 */
@NullMarked
package dev.roundtrip.mqtt.packet;

import org.jspecify.annotations.NullMarked;
