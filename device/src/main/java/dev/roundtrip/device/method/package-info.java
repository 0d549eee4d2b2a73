/** A device method turns one JSON value into another JSON value. {@code Call} is what it knows of the call,
 * {@code DeviceClock} is the clock of a device.
 */
@NullMarked
package dev.roundtrip.device.method;

import org.jspecify.annotations.NullMarked;
