package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.CallLog;
import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.PendingAcks;
import dev.roundtrip.protocol.ClientPrefix;

/** What the MQTT side of one function shares with the rest of it.
 *
 * @param prefix the deployment's name
 * @param pendingAcks the calls that wait for their answers
 * @param log told of connections that are lost, refused or late
 * @param clocks measure silence, age and pace
 */
public record Environment(ClientPrefix prefix, PendingAcks pendingAcks, CallLog log, Clocks clocks) {}
