/** Asks the local cloud that runs: over its local API, and for things over its control plane. */
@NullMarked
package dev.roundtrip.local.running;

import org.jspecify.annotations.NullMarked;
