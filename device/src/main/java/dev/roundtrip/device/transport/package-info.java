/** A {@code DeviceTransport} connects a device to the broker. The implementations use the MQTT 5 client and the
 * MQTT 3.1.1 client of the AWS Common Runtime.
 */
@NullMarked
package dev.roundtrip.device.transport;

import org.jspecify.annotations.NullMarked;
