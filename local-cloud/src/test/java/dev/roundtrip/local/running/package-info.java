/** Check what a command asks the running local cloud. */
@NullMarked
package dev.roundtrip.local.running;

import org.jspecify.annotations.NullMarked;
