package dev.roundtrip.auth.policy;

import java.util.ArrayList;
import java.util.List;

/** A pattern where one token stands for any text and another for any one character; everything else stands for itself.
 *
 * <p>Matching takes at most as many steps as the text and the pattern have characters, multiplied; for the common
 * shapes ({@code a/b}, {@code a/*}, {@code a/*}{@code /b}) it takes one step for each character. It allocates nothing.
 * Immutable.
 */
final class Glob {
    private static final int ANY_TEXT = -1;
    private static final int ANY_CHARACTER = -2;

    private final String prefix;
    private final int[] rest;
    private final boolean ignoresCase;

    private Glob(Builder builder) {
        int wildcard = 0;
        StringBuilder literal = new StringBuilder();
        while (wildcard < builder.tokens.size() && builder.tokens.get(wildcard) >= 0) {
            literal.append((char) builder.tokens.get(wildcard).intValue());
            wildcard++;
        }
        this.prefix = literal.toString();
        this.rest = builder.tokens.subList(wildcard, builder.tokens.size()).stream()
                .mapToInt(Integer::intValue)
                .toArray();
        this.ignoresCase = builder.ignoresCase;
    }

    boolean matches(String text) {
        return matches(text, 0, text.length());
    }

    /** Whether the part of the text from one index up to another matches as a whole. */
    boolean matches(String text, int from, int to) {
        int start = from + prefix.length();
        if (start > to || !text.regionMatches(ignoresCase, from, prefix, 0, prefix.length())) {
            return false;
        }
        if (rest.length == 0) {
            return start == to;
        }
        return (rest.length == 1 && rest[0] == ANY_TEXT) || restMatches(text, start, to);
    }

    /** Each ANY_TEXT takes as little as it can; when the tokens behind it fail, only the last ANY_TEXT takes one
     * character more.
     */
    private boolean restMatches(String text, int from, int to) {
        int at = from;
        int token = 0;
        int lastAnyText = -1;
        int takenUpTo = from;
        while (at < to) {
            int wanted = token < rest.length ? rest[token] : Integer.MIN_VALUE;
            if (wanted == ANY_TEXT) {
                lastAnyText = token++;
                takenUpTo = at;
            } else if (wanted == ANY_CHARACTER) {
                at = next(text, at, to);
                token++;
            } else if (wanted >= 0 && isSame(wanted, text.charAt(at))) {
                at++;
                token++;
            } else if (lastAnyText >= 0) {
                takenUpTo = next(text, takenUpTo, to);
                at = takenUpTo;
                token = lastAnyText + 1;
            } else {
                return false;
            }
        }
        while (token < rest.length && rest[token] == ANY_TEXT) {
            token++;
        }
        return token == rest.length;
    }

    private boolean isSame(int wanted, char found) {
        return wanted == found || (ignoresCase && Character.toLowerCase((char) wanted) == Character.toLowerCase(found));
    }

    /** The index behind the character at an index; a character outside the basic plane is one character. */
    private static int next(String text, int at, int to) {
        return at + 1 < to && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1)) ? at + 2 : at + 1;
    }

    /** Puts a pattern together from its pieces. */
    static final class Builder {
        private final List<Integer> tokens = new ArrayList<>();
        private boolean ignoresCase;

        /** Text that stands for itself, whatever characters it has. */
        Builder text(String text) {
            text.chars().forEach(tokens::add);
            return this;
        }

        Builder anyText() {
            if (tokens.isEmpty() || tokens.getLast() != ANY_TEXT) {
                tokens.add(ANY_TEXT);
            }
            return this;
        }

        Builder anyCharacter() {
            tokens.add(ANY_CHARACTER);
            return this;
        }

        Builder ignoringCase() {
            ignoresCase = true;
            return this;
        }

        Glob build() {
            return new Glob(this);
        }
    }
}
