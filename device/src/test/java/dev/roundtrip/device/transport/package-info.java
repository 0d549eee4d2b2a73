@NullMarked
package dev.roundtrip.device.transport;

import org.jspecify.annotations.NullMarked;
