package dev.roundtrip.auth.policy;

/** What policies say about one action on one resource. */
public enum Decision {
    /** A statement allows it, and none denies it. */
    ALLOWED,
    /** No statement speaks of it. */
    IMPLICITLY_DENIED,
    /** A statement denies it, whatever others allow. */
    EXPLICITLY_DENIED
}
