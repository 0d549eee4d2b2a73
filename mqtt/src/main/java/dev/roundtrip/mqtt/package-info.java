/** A stand-in for the message broker of AWS IoT Core: MQTT 3.1.1 and 5 over mutual TLS, and behind another protocol for
 * gateways.
 */
@NullMarked
package dev.roundtrip.mqtt;

import org.jspecify.annotations.NullMarked;
