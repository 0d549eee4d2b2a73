package dev.roundtrip.protocol;

/** The rules for a reason: a code for programs and a message for people. */
final class Reason {
    static final int MAX_CODE_LENGTH = 64;
    static final int MAX_MESSAGE_LENGTH = 1_024;

    /** Stands for a code that breaks the rule. */
    static final String UNSPECIFIED = "unspecified";

    private Reason() {}

    static void check(String code, String message) {
        if (!isCode(code)) {
            throw new IllegalArgumentException("a code must be 1 to " + MAX_CODE_LENGTH + " of a-z 0-9 _");
        }
        if (message.length() > MAX_MESSAGE_LENGTH) {
            throw new IllegalArgumentException("a message may have " + MAX_MESSAGE_LENGTH + " characters, but has "
                    + message.length() + "; make it shorter");
        }
    }

    static String codeOrUnspecified(String code) {
        return isCode(code) ? code : UNSPECIFIED;
    }

    static String shortened(String message) {
        if (message.length() <= MAX_MESSAGE_LENGTH) {
            return message;
        }
        // No half of a surrogate pair is left at the end.
        int end = Character.isHighSurrogate(message.charAt(MAX_MESSAGE_LENGTH - 1))
                ? MAX_MESSAGE_LENGTH - 1
                : MAX_MESSAGE_LENGTH;
        return message.substring(0, end);
    }

    private static boolean isCode(String code) {
        if (code.isEmpty() || code.length() > MAX_CODE_LENGTH) {
            return false;
        }
        for (int i = 0; i < code.length(); i++) {
            char character = code.charAt(i);
            if (!((character >= 'a' && character <= 'z')
                    || (character >= '0' && character <= '9')
                    || character == '_')) {
                return false;
            }
        }
        return true;
    }
}
