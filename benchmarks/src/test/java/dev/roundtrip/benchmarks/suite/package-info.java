/** Tells at the end of a build which tests took longest, and which were skipped and why. */
@NullMarked
package dev.roundtrip.benchmarks.suite;

import org.jspecify.annotations.NullMarked;
