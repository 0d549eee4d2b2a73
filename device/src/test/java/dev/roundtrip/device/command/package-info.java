/** Tests of {@link dev.roundtrip.device.command}. */
@NullMarked
package dev.roundtrip.device.command;

import org.jspecify.annotations.NullMarked;
