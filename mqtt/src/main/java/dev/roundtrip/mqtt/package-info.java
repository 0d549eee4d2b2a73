/** Implements the message broker of AWS IoT Core with MQTT 3.1.1 and MQTT 5. Devices connect over mutual
 * TLS. An {@code UpgradeProtocol} authenticates gateways before MQTT starts.
 *
 * <p>{@code Connection} is long because the class is one state machine on one event loop. {@code Session} is long
 * because the class is one state machine under one lock. {@code Broker} is long because of the look-up methods.
 */
@NullMarked
package dev.roundtrip.mqtt;

import org.jspecify.annotations.NullMarked;
