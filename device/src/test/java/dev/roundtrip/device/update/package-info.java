/** Tests of {@link dev.roundtrip.device.update}. */
@NullMarked
package dev.roundtrip.device.update;

import org.jspecify.annotations.NullMarked;
