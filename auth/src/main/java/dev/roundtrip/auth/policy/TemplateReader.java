package dev.roundtrip.auth.policy;

import java.util.ArrayList;
import java.util.List;

/** Reads one text of a policy into the pieces of a {@link Template}. Used once. */
final class TemplateReader {
    /** Whether {@code *} and {@code ?} mean more than themselves. */
    enum Wildcards {
        RECOGNISED,
        LITERAL
    }

    private final String source;
    private final Wildcards wildcards;
    private final List<Template.Piece> pieces = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    TemplateReader(String source, Wildcards wildcards) {
        this.source = source;
        this.wildcards = wildcards;
    }

    Template read() throws MalformedPolicyException {
        int at = 0;
        while (at < source.length()) {
            char character = source.charAt(at);
            if (source.startsWith("${", at)) {
                at = readVariable(at);
                continue;
            }
            switch (character) {
                case '*' -> wildcard(character, Template.Piece.Wildcard.ANY_TEXT);
                case '?' -> wildcard(character, Template.Piece.Wildcard.ANY_CHARACTER);
                default -> text.append(character);
            }
            at++;
        }
        endText();
        return new Template(pieces);
    }

    private void wildcard(char character, Template.Piece.Wildcard piece) {
        if (wildcards == Wildcards.LITERAL) {
            text.append(character);
            return;
        }
        endText();
        pieces.add(piece);
    }

    private int readVariable(int start) throws MalformedPolicyException {
        int end = source.indexOf('}', start);
        if (end < 0) {
            throw new MalformedPolicyException("the variable at position " + (start + 1) + " has no closing }");
        }
        String name = source.substring(start + 2, end);
        if (name.equals("*") || name.equals("?") || name.equals("$")) {
            text.append(name);
        } else if (Template.isVariableName(name)) {
            endText();
            pieces.add(new Template.Piece.Variable(name));
        } else {
            throw new MalformedPolicyException(
                    "${" + name + "} is no policy variable; wanted is a name like iot:ClientId,"
                            + " without a default value, or one of * ? $");
        }
        return end + 1;
    }

    private void endText() {
        if (!text.isEmpty()) {
            pieces.add(new Template.Piece.Text(text.toString()));
            text.setLength(0);
        }
    }
}
