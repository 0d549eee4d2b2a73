package dev.roundtrip.invoke;

import java.time.Duration;

/** What a caller wants when the device is away.
 *
 * @param presence whether to ask the broker
 * @param holdBack how long the command may be held back until the device is connected; zero to send it whatever happens
 */
public record AbsencePolicy(Presence presence, Duration holdBack) {
    /** Send at once, and find out by waiting. */
    public static final AbsencePolicy UNHEEDED = new AbsencePolicy(Presence.UNCHECKED, Duration.ZERO);

    /** Whether the broker is asked if the device is there. */
    public enum Presence {
        /** Nobody asks. */
        UNCHECKED,
        /** Asked once the command is out; a device that certainly cannot have got it, and never will, ends the wait. */
        CHECKED
    }

    /** Whether the command is held back for a device that is away. */
    public boolean waits() {
        return !holdBack.isZero();
    }
}
