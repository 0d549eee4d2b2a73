/** What a simulated device does for jobs and commands, in a directory of its own, and what goes wrong with it. */
@NullMarked
package dev.roundtrip.simulator.work;

import org.jspecify.annotations.NullMarked;
