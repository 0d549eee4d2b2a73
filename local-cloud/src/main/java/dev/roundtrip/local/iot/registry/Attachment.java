package dev.roundtrip.local.iot.registry;

/** How a certificate is attached to its thing; the names are those of AWS IoT's {@code thingPrincipalType}. */
public enum Attachment {
    /** Whoever connects with the certificate is the thing, whatever its client id. */
    EXCLUSIVE_THING,
    /** Whoever connects with the certificate is the thing when the client id is the thing's name. */
    NON_EXCLUSIVE_THING
}
