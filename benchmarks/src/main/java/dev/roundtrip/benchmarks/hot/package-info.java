/** Measures single steps of a call with JMH. */
@NullMarked
package dev.roundtrip.benchmarks.hot;

import org.jspecify.annotations.NullMarked;
