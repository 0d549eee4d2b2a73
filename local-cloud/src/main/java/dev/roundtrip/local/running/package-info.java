/** Asks the local cloud that runs, over its local API. */
@NullMarked
package dev.roundtrip.local.running;

import org.jspecify.annotations.NullMarked;
