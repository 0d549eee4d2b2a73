/** Tests of the simulator's jobs and commands. */
@NullMarked
package dev.roundtrip.simulator.work;

import org.jspecify.annotations.NullMarked;
