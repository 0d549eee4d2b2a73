package dev.roundtrip.protocol;

/** Why a method that ran failed.
 *
 * @param code a word for programs, 1 to 64 of {@code a-z 0-9 _}
 * @param message a sentence for people, at most 1,024 characters, may be empty
 */
public record DeviceError(String code, String message) {

    /** @throws IllegalArgumentException when the code or the message breaks its rule */
    public DeviceError {
        Reason.check(code, message);
    }

    /** What a device wrote, made to follow the rules: another code is {@code unspecified}, a long message is cut. */
    public static DeviceError asFarAsReadable(String code, String message) {
        return new DeviceError(Reason.codeOrUnspecified(code), Reason.shortened(message));
    }
}
