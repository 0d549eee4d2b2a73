/** What a million calls cost on AWS, and which quota ends the growth: on paper, from dated prices and counted messages.
 */
@NullMarked
package dev.roundtrip.benchmarks.scaling;

import org.jspecify.annotations.NullMarked;
