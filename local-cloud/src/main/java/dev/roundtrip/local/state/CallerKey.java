package dev.roundtrip.local.state;

/** An access key and whose it is. */
public record CallerKey(CallerName owner, Credentials credentials) {}
