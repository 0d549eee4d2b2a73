/** A device's side of AWS IoT Jobs: one execution at a time, which survives a reboot in its status details and ends
 * when it is cancelled.
 */
@NullMarked
package dev.roundtrip.device.job;

import org.jspecify.annotations.NullMarked;
