package dev.roundtrip.local.faults;

import dev.roundtrip.mqtt.Broker;

/** What all faults of one broker share, whatever the {@link FaultSpec} of the moment.
 *
 * @param broker whose messages and connections meet faults
 * @param plan holds messages back
 * @param listener hears which fault touches which message
 */
record Victim(Broker broker, FaultPlan plan, FaultListener listener) {}
