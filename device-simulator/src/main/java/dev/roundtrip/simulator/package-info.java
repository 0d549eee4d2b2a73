/** Simulates MQTT devices. {@link dev.roundtrip.simulator.Device} and {@link dev.roundtrip.simulator.Fleet} form
 * the library. {@link dev.roundtrip.simulator.Main} starts the command line.
 */
@NullMarked
package dev.roundtrip.simulator;

import org.jspecify.annotations.NullMarked;
