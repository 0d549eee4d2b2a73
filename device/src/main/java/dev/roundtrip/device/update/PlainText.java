package dev.roundtrip.device.update;

/** Texts that a service takes: of a bounded length, and without control characters. */
public final class PlainText {
    private PlainText() {}

    /** The text with a space for each control character and each half of a surrogate pair.
     *
     * @param max the most characters; what is beyond them is cut, between two characters
     */
    public static String of(String text, int max) {
        StringBuilder plain = new StringBuilder(Math.min(text.length(), max));
        int at = 0;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            boolean isPlain = !Character.isISOControl(character) && Character.getType(character) != Character.SURROGATE;
            if (plain.length() + Character.charCount(isPlain ? character : ' ') > max) {
                break;
            }
            plain.appendCodePoint(isPlain ? character : ' ');
        }
        return plain.toString();
    }
}
