/** A {@code Behaviour} plans the steps for a command. A {@code Fault} changes the plan. Uses no network. */
@NullMarked
package dev.roundtrip.device.behaviour;

import org.jspecify.annotations.NullMarked;
