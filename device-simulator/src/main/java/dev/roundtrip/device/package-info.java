/** Simulates MQTT devices. {@link dev.roundtrip.device.Device} and {@link dev.roundtrip.device.Fleet} form
 * the library. {@link dev.roundtrip.device.Main} starts the command line.
 */
@NullMarked
package dev.roundtrip.device;

import org.jspecify.annotations.NullMarked;
