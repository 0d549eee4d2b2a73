/** Asks again and again, and times every answer. */
@NullMarked
package dev.roundtrip.benchmarks.load;

import org.jspecify.annotations.NullMarked;
