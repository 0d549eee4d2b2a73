/** A {@code Journal} keeps what a device must not forget: which calls began, how they ended, and the counters of lanes.
 */
@NullMarked
package dev.roundtrip.device.store;

import org.jspecify.annotations.NullMarked;
