package dev.roundtrip.device.update;

/** What became of an update. */
public enum Verdict {
    /** The service has it. */
    TAKEN,
    /** It is to be sent again after a pause. */
    AGAIN,
    /** The service does not take this update. It may take a later one. */
    REFUSED,
    /** The service takes neither this update nor a later one. */
    OVER
}
