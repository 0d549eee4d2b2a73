package dev.roundtrip.simulator.work;

import dev.roundtrip.device.operation.CertificatePort;
import dev.roundtrip.protocol.Target;

/** The identities of devices, whose certificates can be renewed. Thread-safe. */
public interface Rotation {

    /** The identity of a device, as the operation {@code rotate-certificate} needs it.
     *
     * @param restart has the device connect anew
     * @throws Exception when the device has none that can be renewed; the job has failed
     */
    CertificatePort of(Target device, Runnable restart) throws Exception;

    /** Called before a device connects, at its first start and after each power cut: finishes what a power cut has
     * interrupted.
     *
     * @throws Exception when the identity cannot be used; the device does not start
     */
    void starts(Target device) throws Exception;
}
