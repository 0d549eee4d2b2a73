/** The contract between callers, gateway and devices as types: names, topics, and the two JSON messages. Pure: no
 * network, no clock.
 */
@NullMarked
package dev.roundtrip.protocol;

import org.jspecify.annotations.NullMarked;
