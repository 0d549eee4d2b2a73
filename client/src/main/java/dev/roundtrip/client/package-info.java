/** Calls a device through the gateway and says in a sealed {@link dev.roundtrip.client.Outcome} how the call ended.
 * Repeats a call only where that is safe, within one deadline.
 */
@NullMarked
package dev.roundtrip.client;

import org.jspecify.annotations.NullMarked;
