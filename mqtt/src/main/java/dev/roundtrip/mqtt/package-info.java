/** A stand-in for the message broker of AWS IoT Core: MQTT 3.1.1 and 5 over mutual TLS, and behind another protocol for
 * gateways.
 *
 * <p>{@code Connection} and {@code Session} are long: each is one state machine under one lock or on one event loop,
 * and its transitions are read together. {@code Broker} is long with the look-ups that it offers.
 */
@NullMarked
package dev.roundtrip.mqtt;

import org.jspecify.annotations.NullMarked;
