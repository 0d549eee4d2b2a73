/** Measures cold starts of the packaged function, from process start to first answer. Variants show the
 * share of each part.
 */
@NullMarked
package dev.roundtrip.benchmarks.coldstart;

import org.jspecify.annotations.NullMarked;
