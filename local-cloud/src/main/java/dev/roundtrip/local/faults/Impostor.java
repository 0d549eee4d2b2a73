package dev.roundtrip.local.faults;

import dev.roundtrip.device.transport.Login;

/** Provides the device that answers for others, when a {@link FaultSpec} asks for one. */
@FunctionalInterface
public interface Impostor {
    /** Provisions the device where it is missing. Called by a thread that may wait; one at a time.
     *
     * @throws FaultsException when its files cannot be read or written
     */
    Login provision() throws FaultsException;
}
