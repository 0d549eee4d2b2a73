/** Tells services the time, runs what they want run at a time, also after a restart, and counts requests in a
 * second.
 */
@NullMarked
package dev.roundtrip.local.time;

import org.jspecify.annotations.NullMarked;
