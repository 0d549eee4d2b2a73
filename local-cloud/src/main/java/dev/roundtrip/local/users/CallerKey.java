package dev.roundtrip.local.users;

/** An access key and whose it is. */
public record CallerKey(CallerName owner, Credentials credentials) {}
