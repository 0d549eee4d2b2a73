/** How a device reaches its broker: a port, and its adapters for MQTT 5 and 3.1.1 on the AWS Common Runtime. */
@NullMarked
package dev.roundtrip.device.transport;

import org.jspecify.annotations.NullMarked;
