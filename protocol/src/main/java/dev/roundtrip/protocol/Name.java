package dev.roundtrip.protocol;

/** The rule of one kind of name: which characters, and how many. */
record Name(String what, String extraCharacters, int maxLength) {

    /** Returns the text when it follows the rule.
     *
     * @throws MalformedNameException when it does not
     */
    String check(String text) {
        if (text.isEmpty()) {
            throw new MalformedNameException(what + " must not be empty");
        }
        if (text.length() > maxLength) {
            throw new MalformedNameException(
                    what + " must have at most " + maxLength + " characters, but has " + text.length());
        }
        for (int i = 0; i < text.length(); i++) {
            if (!allows(text.charAt(i))) {
                throw new MalformedNameException(what + " may have letters, digits and any of " + extraCharacters
                        + " only, but has " + describe(text.codePointAt(i)) + " at position " + (i + 1));
            }
        }
        return text;
    }

    private boolean allows(char character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || extraCharacters.indexOf(character) >= 0;
    }

    private static String describe(int codePoint) {
        return codePoint > ' ' && codePoint < 0x7f
                ? "'" + Character.toString(codePoint) + "'"
                : String.format("U+%04X", codePoint);
    }
}
