/** Contains the measurements. {@code Run} executes the measurements one after the other. */
@NullMarked
package dev.roundtrip.benchmarks.run;

import org.jspecify.annotations.NullMarked;
