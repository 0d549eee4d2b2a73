/** How a device gets an identity of its own at its first start: fleet provisioning with a claim certificate. */
@NullMarked
package dev.roundtrip.device.provisioning;

import org.jspecify.annotations.NullMarked;
