/** Starts a local cloud in a temporary directory. Echo devices answer the calls. */
@NullMarked
package dev.roundtrip.benchmarks.stage;

import org.jspecify.annotations.NullMarked;
