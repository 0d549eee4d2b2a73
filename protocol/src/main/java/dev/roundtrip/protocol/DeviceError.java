package dev.roundtrip.protocol;

/** What a device says when it failed.
 *
 * @param code a short word for programs, may be empty
 * @param message a sentence for people, may be empty
 */
public record DeviceError(String code, String message) {}
