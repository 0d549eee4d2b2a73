/** Faults on demand: a broker, its network and its neighbours at their worst, as a short text describes it. */
@NullMarked
package dev.roundtrip.local.faults;

import org.jspecify.annotations.NullMarked;
