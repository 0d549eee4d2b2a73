/** A device's side of AWS IoT Device Management Commands: each execution is run once, and its outcome is brought to the
 * service.
 */
@NullMarked
package dev.roundtrip.device.command;

import org.jspecify.annotations.NullMarked;
