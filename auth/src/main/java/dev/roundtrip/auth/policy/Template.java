package dev.roundtrip.auth.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A text of a policy with its wildcards and variables, whose variables have no values yet.
 *
 * <p>A variable's value is always text: wildcards are recognised before values are known, so no value can become one.
 */
record Template(List<Piece> pieces) {
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z0-9-]+:[^\\s${}'\",*?]+");

    /** A part of a text, in its order. */
    sealed interface Piece {
        /** Stands for itself. */
        record Text(String value) implements Piece {}

        /** Stands for the one value under this name. */
        record Variable(String name) implements Piece {}

        /** Stands for other text. */
        enum Wildcard implements Piece {
            ANY_TEXT,
            ANY_CHARACTER
        }
    }

    Template {
        pieces = List.copyOf(pieces);
    }

    /** Reads a text where {@code *} and {@code ?} are wildcards.
     *
     * @throws MalformedPolicyException when a variable is not closed or has no name that a variable can have
     */
    static Template withWildcards(String text) throws MalformedPolicyException {
        return new TemplateReader(text, TemplateReader.Wildcards.RECOGNISED).read();
    }

    /** Reads a text where {@code *} and {@code ?} stand for themselves.
     *
     * @throws MalformedPolicyException as {@link #withWildcards}
     */
    static Template withoutWildcards(String text) throws MalformedPolicyException {
        return new TemplateReader(text, TemplateReader.Wildcards.LITERAL).read();
    }

    static boolean isVariableName(String name) {
        return VARIABLE.matcher(name).matches();
    }

    boolean hasVariables() {
        return pieces.stream().anyMatch(Piece.Variable.class::isInstance);
    }

    /** The pattern with all variables replaced; empty when one has no value. */
    Optional<Glob> resolve(PolicyContext context) {
        return resolve(context, new Glob.Builder());
    }

    Optional<Glob> resolveIgnoringCase(PolicyContext context) {
        return resolve(context, new Glob.Builder().ignoringCase());
    }

    private Optional<Glob> resolve(PolicyContext context, Glob.Builder glob) {
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Text text -> glob.text(text.value());
                case Piece.Wildcard.ANY_TEXT -> glob.anyText();
                case Piece.Wildcard.ANY_CHARACTER -> glob.anyCharacter();
                case Piece.Variable variable -> {
                    Optional<String> value = context.value(variable.name());
                    if (value.isEmpty()) {
                        return Optional.empty();
                    }
                    glob.text(value.get());
                }
            }
        }
        return Optional.of(glob.build());
    }

    /** The parts between separators that stand in the text itself; a separator in a variable's name or value does not
     * count.
     *
     * @param limit the most parts; the last one keeps further separators
     */
    List<Template> split(char separator, int limit) {
        List<Template> parts = new ArrayList<>();
        List<Piece> part = new ArrayList<>();
        for (Piece piece : pieces) {
            if (!(piece instanceof Piece.Text text)) {
                part.add(piece);
                continue;
            }
            String rest = text.value();
            int end = rest.indexOf(separator);
            while (end >= 0 && parts.size() < limit - 1) {
                part.add(new Piece.Text(rest.substring(0, end)));
                parts.add(new Template(part));
                part = new ArrayList<>();
                rest = rest.substring(end + 1);
                end = rest.indexOf(separator);
            }
            part.add(new Piece.Text(rest));
        }
        parts.add(new Template(part));
        return parts;
    }
}
