@NullMarked
package dev.roundtrip.simulator.method;

import org.jspecify.annotations.NullMarked;
