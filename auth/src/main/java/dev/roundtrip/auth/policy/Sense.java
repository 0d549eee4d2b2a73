package dev.roundtrip.auth.policy;

/** Whether a list names what is meant, or what is not. */
enum Sense {
    LISTED,
    ALL_BUT_LISTED
}
