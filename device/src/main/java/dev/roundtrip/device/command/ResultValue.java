package dev.roundtrip.device.command;

/** One value of a command's result. */
public sealed interface ResultValue {

    /** A text. */
    record Text(String value) implements ResultValue {}

    /** True or false. */
    record Flag(boolean value) implements ResultValue {}

    /** Bytes. */
    @SuppressWarnings("ArrayRecordComponent") // written once, never compared
    record Bytes(byte[] value) implements ResultValue {}
}
