/** Measures the whole: what a call takes, how many there can be at once, and what they cost; beside references of the
 * same run.
 */
@NullMarked
package dev.roundtrip.benchmarks;

import org.jspecify.annotations.NullMarked;
