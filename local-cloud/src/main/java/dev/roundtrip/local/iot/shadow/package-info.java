/** Implements Device Shadow: what a thing should be and what it reports, over MQTT and HTTP. */
@NullMarked
package dev.roundtrip.local.iot.shadow;

import org.jspecify.annotations.NullMarked;
