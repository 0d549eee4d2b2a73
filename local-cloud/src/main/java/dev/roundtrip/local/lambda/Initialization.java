package dev.roundtrip.local.lambda;

/** How an execution environment comes to be ready. */
public enum Initialization {
    /** It is made when it is needed. */
    ON_DEMAND,
    /** It is made ready to be copied, {@code beforeCheckpoint} included, and restored by the first call, as under AWS
     * Lambda SnapStart.
     */
    SNAP_START
}
