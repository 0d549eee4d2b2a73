/** What measurements take place on: a local cloud in a directory of its own, and devices that cost little. */
@NullMarked
package dev.roundtrip.benchmarks.stage;

import org.jspecify.annotations.NullMarked;
