package dev.roundtrip.device.operation;

import java.util.Set;

/** Resets a device. Implemented by its maker. */
public interface ResetPort {

    /** What can be reset, such as {@code reboot} or {@code factory}. */
    Set<String> kinds();

    /** Resets. Usually the program ends in the meantime; the job ends when the device is there again.
     *
     * @throws Exception when the device cannot be reset; the job has failed
     */
    void reset(String kind) throws Exception;
}
