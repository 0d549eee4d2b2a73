package dev.roundtrip.device.update;

import java.util.Set;

/** Texts that a service takes: of a bounded length, and without what Unicode counts as "other". */
public final class PlainText {
    /** Source: the pattern {@code [^\p{C}]} in the models of AWS IoT Jobs and Commands. */
    private static final Set<Integer> OTHER = Set.of(
            (int) Character.CONTROL,
            (int) Character.FORMAT,
            (int) Character.SURROGATE,
            (int) Character.PRIVATE_USE,
            (int) Character.UNASSIGNED);

    private PlainText() {}

    /** The text with a space for each character that a service does not take.
     *
     * @param max the most characters; what is beyond them is cut, and no character is cut in two
     */
    public static String of(String text, int max) {
        StringBuilder plain = new StringBuilder(Math.min(text.length(), max));
        int at = 0;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            int written = OTHER.contains(Character.getType(character)) ? ' ' : character;
            if (plain.length() + Character.charCount(written) > max) {
                break;
            }
            plain.appendCodePoint(written);
        }
        return plain.toString();
    }
}
