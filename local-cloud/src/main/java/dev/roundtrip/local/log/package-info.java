/** Builds the log lines of the local cloud. Each line is one JSON object. */
@NullMarked
package dev.roundtrip.local.log;

import org.jspecify.annotations.NullMarked;
