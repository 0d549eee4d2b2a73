package dev.roundtrip.device.operation;

import java.util.Set;

/** Resets a device. Implemented by its maker. */
public interface ResetPort {

    /** What can be reset, such as {@code reboot} or {@code factory}. */
    Set<String> kinds();

    /** What is another text after each complete reset of this kind, and the same text until then: for a reboot the id
     * of the boot, as Linux has it in {@code /proc/sys/kernel/random/boot_id}; for others a counter that the reset
     * writes as its last act. By it the device knows after a power cut whether the reset was complete.
     *
     * @return 1 to 1,024 characters, no control characters
     * @throws Exception when it cannot be found out; the job has failed
     */
    String generation(String kind) throws Exception;

    /** Resets. Usually the program ends in the meantime; the job ends when the device is there again. Called again
     * after a start that finds the same {@link #generation}: a power cut came before the end.
     *
     * @throws Exception when the device cannot be reset; the job has failed
     */
    void reset(String kind) throws Exception;
}
