/** The way to the devices: a warm MQTT connection, on which the answer is listened for before the request is published.
 *
 * <p>{@code WarmChannel} is long: it is one state machine, from the first connection over freezes and renewals to the
 * last, and its transitions are read together.
 */
@NullMarked
package dev.roundtrip.invoke.mqtt;

import org.jspecify.annotations.NullMarked;
