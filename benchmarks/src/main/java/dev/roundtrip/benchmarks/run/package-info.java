/** The measurements, and the run that makes them one after the other. */
@NullMarked
package dev.roundtrip.benchmarks.run;

import org.jspecify.annotations.NullMarked;
