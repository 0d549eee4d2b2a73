/** Computes the cost of a million calls on AWS. Names the first AWS quota that a load reaches.
 * The inputs are dated prices and counted messages.
 */
@NullMarked
package dev.roundtrip.benchmarks.scaling;

import org.jspecify.annotations.NullMarked;
