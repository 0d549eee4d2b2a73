package dev.roundtrip.local.http.operation;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text that comes as bytes, and text that goes into an MQTT packet. */
public final class Utf8 {
    private Utf8() {}

    /** Decodes well-formed UTF-8.
     *
     * @throws CharacterCodingException when it is ill-formed; nothing is replaced
     */
    public static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /** Tells whether an MQTT packet may carry the text.
     *
     * <p>Source: MQTT 5.0, section 1.5.4. U+0000 and surrogates make a packet malformed; for a noncharacter a receiver
     * may close the connection, so a device that is strict would be lost by a message that somebody else sent. Control
     * characters pass, though a receiver may object to them too: tabs and line breaks are ordinary in a user property.
     */
    public static boolean isMqttText(String text) {
        return text.codePoints().allMatch(Utf8::isMqttCharacter);
    }

    /** Whether UTF-8 can write the text: it has no half of a surrogate pair. */
    static boolean isWellFormed(String text) {
        return text.codePoints().noneMatch(Utf8::isSurrogate);
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private static boolean isMqttCharacter(int codePoint) {
        boolean noncharacter = (codePoint & 0xFFFE) == 0xFFFE || (codePoint >= 0xFDD0 && codePoint <= 0xFDEF);
        return codePoint != 0 && !isSurrogate(codePoint) && !noncharacter;
    }
}
