package dev.roundtrip.local.store;

/** Quotes text for a POSIX shell. */
public final class ShellWord {
    private ShellWord() {}

    /** One word of a shell's input that stands for the text, whatever characters it has but U+0000. */
    public static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** The text that a word of {@link #quote} stands for. */
    static String unquote(String word) {
        return word.replace("'\\''", "\u0000").replace("'", "").replace('\u0000', '\'');
    }
}
