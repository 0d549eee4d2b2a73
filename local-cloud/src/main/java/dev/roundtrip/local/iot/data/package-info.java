/** Implements the AWS IoT data plane: Publish, SendDirectMessage, retained messages, and the operations on
 * the connection of a client.
 */
@NullMarked
package dev.roundtrip.local.iot.data;

import org.jspecify.annotations.NullMarked;
