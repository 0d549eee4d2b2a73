/** The way to a device by AWS IoT's HTTP data plane: direct messages with proof of delivery, and what the broker knows
 * of a device's connection.
 */
@NullMarked
package dev.roundtrip.invoke.dataplane;

import org.jspecify.annotations.NullMarked;
