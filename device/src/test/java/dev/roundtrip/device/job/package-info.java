/** Tests of {@link dev.roundtrip.device.job}. */
@NullMarked
package dev.roundtrip.device.job;

import org.jspecify.annotations.NullMarked;
