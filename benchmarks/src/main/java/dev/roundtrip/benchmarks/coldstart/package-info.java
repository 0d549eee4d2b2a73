/** What it takes from the start of the packaged function's process to its first answer, and what of that each part of
 * it costs.
 */
@NullMarked
package dev.roundtrip.benchmarks.coldstart;

import org.jspecify.annotations.NullMarked;
