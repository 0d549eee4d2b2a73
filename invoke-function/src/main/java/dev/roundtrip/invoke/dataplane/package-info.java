/** Calls SendDirectMessage, GetConnection and ListSubscriptions of the AWS IoT data plane over HTTPS.
 * {@code DirectDelivery} sends a command over HTTPS. {@code PublishDelivery} publishes a command over MQTT.
 */
@NullMarked
package dev.roundtrip.invoke.dataplane;

import org.jspecify.annotations.NullMarked;
