@NullMarked
package dev.roundtrip.device.store;

import org.jspecify.annotations.NullMarked;
