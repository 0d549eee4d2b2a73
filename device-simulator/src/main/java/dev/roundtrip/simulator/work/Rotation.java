package dev.roundtrip.simulator.work;

import dev.roundtrip.device.operation.CertificatePort;
import dev.roundtrip.protocol.Target;

/** Who renews the certificates of devices. */
@FunctionalInterface
public interface Rotation {

    /** The identity of a device, as the operation {@code rotate-certificate} needs it.
     *
     * @param restart has the device connect anew
     * @throws Exception when the device has none that can be renewed; the job has failed
     */
    CertificatePort of(Target device, Runnable restart) throws Exception;
}
