package dev.roundtrip.auth.policy;

/** What a statement does to what it speaks of. */
enum Effect {
    ALLOW,
    DENY
}
