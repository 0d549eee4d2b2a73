/** Contains the rules of topics and topic filters, and the tree of subscriptions. AWS IoT Core
 * rules replace MQTT rules where both differ.
 */
@NullMarked
package dev.roundtrip.mqtt.topic;

import org.jspecify.annotations.NullMarked;
