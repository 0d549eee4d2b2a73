@NullMarked
package dev.roundtrip.device.behaviour;

import org.jspecify.annotations.NullMarked;
