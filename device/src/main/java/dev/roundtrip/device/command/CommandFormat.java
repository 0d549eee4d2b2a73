package dev.roundtrip.device.command;

/** How a command's payload is written, by the topic on which it came. */
public enum CommandFormat {
    /** The content type is {@code application/json}. */
    JSON,
    /** The content type is {@code application/cbor}. The library hands the bytes over and does not read them. */
    CBOR,
    /** Any other content type, or none. */
    OTHER
}
