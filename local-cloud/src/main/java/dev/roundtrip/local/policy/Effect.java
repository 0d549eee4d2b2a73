package dev.roundtrip.local.policy;

/** What a statement does to what it speaks of. */
enum Effect {
    ALLOW,
    DENY
}
