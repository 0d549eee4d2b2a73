@NullMarked
package dev.roundtrip.simulator;

import org.jspecify.annotations.NullMarked;
