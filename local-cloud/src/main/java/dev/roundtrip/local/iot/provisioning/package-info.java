/** Fleet provisioning: templates, claims, certificates that wait for their devices, and the registration of things. */
@NullMarked
package dev.roundtrip.local.iot.provisioning;

import org.jspecify.annotations.NullMarked;
