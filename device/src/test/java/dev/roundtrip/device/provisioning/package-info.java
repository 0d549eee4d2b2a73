/** Tests of fleet provisioning, against a service that is played. */
@NullMarked
package dev.roundtrip.device.provisioning;

import org.jspecify.annotations.NullMarked;
