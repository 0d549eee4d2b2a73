/** Sends requests in closed and open loops. Measures the time to each answer. */
@NullMarked
package dev.roundtrip.benchmarks.load;

import org.jspecify.annotations.NullMarked;
