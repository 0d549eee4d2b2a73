/** Injects faults into messages, connections and the broker. A {@code FaultSpec} text lists the faults.
 * {@code Faults} replaces them while the broker runs.
 */
@NullMarked
package dev.roundtrip.local.faults;

import org.jspecify.annotations.NullMarked;
