/** Defines names, topics and the two JSON messages of callers, gateway and devices. Uses no
 * network and no clock.
 */
@NullMarked
package dev.roundtrip.protocol;

import org.jspecify.annotations.NullMarked;
