/** {@code LifecycleEvents} publishes AWS IoT lifecycle events. {@code ClientLines} logs connections and refusals of the
 * broker.
 */
@NullMarked
package dev.roundtrip.local.iot.events;

import org.jspecify.annotations.NullMarked;
