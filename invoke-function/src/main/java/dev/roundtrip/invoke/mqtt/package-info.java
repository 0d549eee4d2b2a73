/** The way to the devices: a warm MQTT connection, on which the answer is listened for before the request is published. */
@NullMarked
package dev.roundtrip.invoke.mqtt;

import org.jspecify.annotations.NullMarked;
