/** The hot pieces of a call, one by one, under JMH. */
@NullMarked
package dev.roundtrip.benchmarks.hot;

import org.jspecify.annotations.NullMarked;
