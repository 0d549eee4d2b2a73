/** The lines of the local cloud's log: one JSON object each. */
@NullMarked
package dev.roundtrip.local.log;

import org.jspecify.annotations.NullMarked;
