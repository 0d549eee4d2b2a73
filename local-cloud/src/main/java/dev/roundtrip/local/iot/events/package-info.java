/** {@code LifecycleEvents} publishes AWS IoT lifecycle events. {@code ClientLines} logs connections and refusals of the
 * broker. The {@code Journaled} classes record connections, subscriptions and messages in the journal.
 */
@NullMarked
package dev.roundtrip.local.iot.events;

import org.jspecify.annotations.NullMarked;
