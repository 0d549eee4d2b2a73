/** Tells services the time, and runs what they want run at a time. */
@NullMarked
package dev.roundtrip.local.time;

import org.jspecify.annotations.NullMarked;
