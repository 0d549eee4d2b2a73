/** Tells services the time, runs what they want run at a time, and counts what they are asked in a second. */
@NullMarked
package dev.roundtrip.local.time;

import org.jspecify.annotations.NullMarked;
