/** How a device brings the newest state of something to a service: one update in flight, repeated until it is answered.
 */
@NullMarked
package dev.roundtrip.device.update;

import org.jspecify.annotations.NullMarked;
