/** Topics, topic filters, and who subscribed to what, with the rules of AWS IoT Core where they differ from MQTT's. */
@NullMarked
package dev.roundtrip.mqtt.topic;

import org.jspecify.annotations.NullMarked;
