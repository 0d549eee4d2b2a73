/** Tests of {@link dev.roundtrip.device.operation}. */
@NullMarked
package dev.roundtrip.device.operation;

import org.jspecify.annotations.NullMarked;
