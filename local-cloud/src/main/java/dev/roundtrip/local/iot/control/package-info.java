/** Serves the operations of AWS IoT's control plane over the registry. */
@NullMarked
package dev.roundtrip.local.iot.control;

import org.jspecify.annotations.NullMarked;
