/** A {@code Behaviour} plans the steps for a command. A {@code Fault} changes the plan. Uses no network. */
@NullMarked
package dev.roundtrip.simulator.behaviour;

import org.jspecify.annotations.NullMarked;
