package dev.roundtrip.device.transport;

import dev.roundtrip.protocol.Target;

/** Who connects where, and with what proof.
 *
 * @param clientId the device's name
 * @param endpoint the broker
 * @param tls certificates and key
 */
public record Login(Target clientId, Endpoint endpoint, TlsFiles tls) {}
