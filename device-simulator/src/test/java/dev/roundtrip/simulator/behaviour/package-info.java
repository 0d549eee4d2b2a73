@NullMarked
package dev.roundtrip.simulator.behaviour;

import org.jspecify.annotations.NullMarked;
