@NullMarked
package dev.roundtrip.device;

import org.jspecify.annotations.NullMarked;
