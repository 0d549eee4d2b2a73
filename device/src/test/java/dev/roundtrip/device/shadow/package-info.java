/** Tests of a device's side of a shadow. */
@NullMarked
package dev.roundtrip.device.shadow;

import org.jspecify.annotations.NullMarked;
