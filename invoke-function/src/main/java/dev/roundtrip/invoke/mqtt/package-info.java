/** Sends commands and receives answers over one warm MQTT connection. The function subscribes to the answer
 * topic before the request leaves.
 *
 * <p>{@code WarmChannel} is long because the class is one state machine. The states cover connect, freeze, renewal and
 * close.
 */
@NullMarked
package dev.roundtrip.invoke.mqtt;

import org.jspecify.annotations.NullMarked;
