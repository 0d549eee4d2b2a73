package dev.roundtrip.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.client.Outcome.CallFacts;
import java.util.regex.Pattern;

/** Texts that come from a server or a device: cut to what an outcome may hold, and kept out of what may be logged. */
final class Words {
    /** The longest code; source: the contract, {@code error.code}. */
    static final int MAX_CODE = 64;

    /** The longest message; source: the contract, {@code error.message}. */
    static final int MAX_MESSAGE = 1024;

    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_]{1," + MAX_CODE + "}");

    private Words() {}

    /** The text of a code, at most {@link #MAX_CODE} characters; empty when it is no text. */
    static String code(JsonNode text) {
        return line(text.asText(""), MAX_CODE);
    }

    /** The text of a sentence, at most {@link #MAX_MESSAGE} characters; empty when it is no text. */
    static String message(JsonNode text) {
        return line(text.asText(""), MAX_MESSAGE);
    }

    /** The first line of a text, without control characters. AWS writes the canonical request below it, session token
     * included, when it refuses a signature.
     */
    static String line(String text, int max) {
        int end = text.indexOf('\n');
        String first = end < 0 ? text : text.substring(0, end);
        StringBuilder line = new StringBuilder();
        first.codePoints()
                .map(character -> Character.isISOControl(character) ? ' ' : character)
                .takeWhile(character -> line.length() + Character.charCount(character) <= max)
                .forEach(line::appendCodePoint);
        return line.toString().strip();
    }

    /** A code as it may be logged: a device may put anything into its own. */
    static String shown(String code) {
        return code.isEmpty() || CODE.matcher(code).matches() ? code : "(not shown)";
    }

    /** One line about an outcome, without any text of a server or a device. */
    static String describe(String kind, String word, CallFacts facts) {
        StringBuilder text = new StringBuilder(kind).append('[');
        if (!word.isEmpty()) {
            text.append(word).append(", ");
        }
        text.append("status ")
                .append(facts.status())
                .append(", id ")
                .append(facts.id())
                .append(", ")
                .append(facts.tries())
                .append(facts.tries() == 1 ? " try in " : " tries in ")
                .append(facts.elapsed().toMillis())
                .append(" ms]");
        return text.toString();
    }
}
