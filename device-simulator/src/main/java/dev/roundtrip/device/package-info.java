/** The simulated device: the other end of a call, as a library ({@link dev.roundtrip.device.Device},
 * {@link dev.roundtrip.device.Fleet}) and as a
 * command line ({@link dev.roundtrip.device.Main}). */
@NullMarked
package dev.roundtrip.device;

import org.jspecify.annotations.NullMarked;
