/** A {@link dev.roundtrip.device.RoundtripDevice} connects to the broker and answers calls. */
@NullMarked
package dev.roundtrip.device;

import org.jspecify.annotations.NullMarked;
