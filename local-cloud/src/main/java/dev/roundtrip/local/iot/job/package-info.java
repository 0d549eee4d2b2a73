/** Implements AWS IoT Jobs: what things are to do, in a queue for each thing, over MQTT and HTTP. */
@NullMarked
package dev.roundtrip.local.iot.job;

import org.jspecify.annotations.NullMarked;
