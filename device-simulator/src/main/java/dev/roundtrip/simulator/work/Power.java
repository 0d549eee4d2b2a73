package dev.roundtrip.simulator.work;

/** The power of a device. */
@FunctionalInterface
public interface Power {

    /** Takes the power away and gives it again: nothing that is at work ends in order. Returns at once. */
    void cycle();
}
