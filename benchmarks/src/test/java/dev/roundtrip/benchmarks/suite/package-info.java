/** Prints the slowest tests of a build. Prints the skipped tests with the reasons. */
@NullMarked
package dev.roundtrip.benchmarks.suite;

import org.jspecify.annotations.NullMarked;
