package dev.roundtrip.cli;

/** Text of others, made harmless for a terminal. */
public final class Printable {
    private Printable() {}

    /** The text in one line: control characters, separators of lines and what reorders text are written as
     * {@code \}{@code uXXXX}, so that nobody's payload moves the cursor or hides a part of the line. A line of JSON
     * stays the same JSON.
     */
    public static String of(String text) {
        if (text.codePoints().noneMatch(Printable::isHarmful)) {
            return text;
        }
        StringBuilder harmless = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(character -> {
            if (isHarmful(character)) {
                for (char unit : Character.toChars(character)) {
                    harmless.append("\\u%04x".formatted((int) unit));
                }
            } else {
                harmless.appendCodePoint(character);
            }
        });
        return harmless.toString();
    }

    private static boolean isHarmful(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    /** The text, cut to a width where it is longer; the cut is shown.
     *
     * @param columns 1 or more
     */
    public static String cut(String text, int columns) {
        if (text.length() <= columns) {
            return text;
        }
        int end = columns - 1;
        boolean halved = end > 0 && Character.isHighSurrogate(text.charAt(end - 1));
        return text.substring(0, halved ? end - 1 : end) + "…";
    }
}
