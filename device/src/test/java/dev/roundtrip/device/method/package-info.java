@NullMarked
package dev.roundtrip.device.method;

import org.jspecify.annotations.NullMarked;
