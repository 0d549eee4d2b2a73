package dev.roundtrip.benchmarks.suite;

import org.jspecify.annotations.Nullable;

/** What one test of the build came to.
 *
 * @param name class and method
 * @param seconds how long it took
 * @param skipped why it was skipped, possibly empty; null when it ran
 */
record Outcome(String name, double seconds, @Nullable String skipped) {}
