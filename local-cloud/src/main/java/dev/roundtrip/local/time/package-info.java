/** Tells services the time, and runs what they want run at a time; what must survive a restart stands in rows. */
@NullMarked
package dev.roundtrip.local.time;

import org.jspecify.annotations.NullMarked;
