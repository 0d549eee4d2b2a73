/** Defines the id, the status and the policy variables of an AWS IoT certificate. */
@NullMarked
package dev.roundtrip.local.iot.certificate;

import org.jspecify.annotations.NullMarked;
