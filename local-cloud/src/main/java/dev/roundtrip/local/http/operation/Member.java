package dev.roundtrip.local.http.operation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One member of an operation's input, as AWS's service model has it: where it stands, and which values it takes.
 * Immutable.
 *
 * @param name as in the model; in a query or a header it may be sent under another
 * @param sent the name of the label, query parameter, header or member of the body
 * @param min the shortest text in characters, or the least number
 * @param max the longest text in characters, or the greatest number
 * @param pattern what a text must match as a whole; null for any
 * @param oneOf the values there are; empty for any
 */
public record Member(
        String name,
        Place place,
        String sent,
        Kind kind,
        boolean required,
        long min,
        long max,
        @Nullable Pattern pattern,
        List<String> oneOf) {

    public Member {
        oneOf = List.copyOf(oneOf);
    }

    /** Where a member stands. */
    public enum Place {
        PATH,
        QUERY,
        HEADER,
        BODY
    }

    /** What a member is. */
    public enum Kind {
        TEXT,
        /** A whole number. */
        NUMBER,
        FLAG,
        /** A JSON object, which its handler reads. */
        OBJECT,
        /** A JSON array, which its handler reads. */
        LIST
    }

    /** A label of the path, which is always there. */
    public static Member path(String name) {
        return of(name, Place.PATH, name, Kind.TEXT).mandatory();
    }

    /** A text of the query. */
    public static Member query(String name) {
        return of(name, Place.QUERY, name, Kind.TEXT);
    }

    /** A text of the body. */
    public static Member body(String name) {
        return of(name, Place.BODY, name, Kind.TEXT);
    }

    /** A header.
     *
     * @param header in lower case
     */
    public static Member header(String name, String header) {
        return of(name, Place.HEADER, header, Kind.TEXT);
    }

    private static Member of(String name, Place place, String sent, Kind kind) {
        return new Member(name, place, sent, kind, false, 0, Long.MAX_VALUE, null, List.of());
    }

    /** The same, and it must be there. */
    public Member mandatory() {
        return new Member(name, place, sent, kind, true, min, max, pattern, oneOf);
    }

    /** The same with a length in characters. */
    public Member length(long shortest, long longest) {
        return new Member(name, place, sent, kind, required, shortest, longest, pattern, oneOf);
    }

    /** The same, and it matches a regular expression as a whole. */
    public Member matching(String expression) {
        return new Member(name, place, sent, kind, required, min, max, Pattern.compile(expression), oneOf);
    }

    /** The same with the values that there are. */
    public Member oneOf(String... values) {
        return new Member(name, place, sent, kind, required, min, max, pattern, List.of(values));
    }

    /** The same as a whole number. */
    public Member number(long least, long greatest) {
        return new Member(name, place, sent, Kind.NUMBER, required, least, greatest, pattern, oneOf);
    }

    /** The same as one of another kind. */
    public Member as(Kind other) {
        return new Member(name, place, sent, other, required, min, max, pattern, oneOf);
    }

    /** Demands that a request has it as it must be. */
    void check(OperationRequest request) throws Refusal {
        if (place == Place.BODY) {
            checkBody(request.json().path(sent));
            return;
        }
        Optional<String> value = switch (place) {
            case PATH -> Optional.of(request.label(sent));
            case QUERY -> Optional.ofNullable(request.query().text(sent));
            case HEADER, BODY -> request.header(sent);
        };
        if (value.isEmpty()) {
            refuseMissing();
        } else {
            checkText(value.get());
        }
    }

    private void refuseMissing() throws Refusal {
        if (required) {
            throw Refusal.invalid(name + " is missing");
        }
    }

    private void checkBody(JsonNode node) throws Refusal {
        if (node.isMissingNode() || node.isNull()) {
            refuseMissing();
            return;
        }
        boolean fits = switch (kind) {
            case TEXT -> node.isTextual();
            case NUMBER -> node.isIntegralNumber() && node.canConvertToLong();
            case FLAG -> node.isBoolean();
            case OBJECT -> node.isObject();
            case LIST -> node.isArray();
        };
        if (!fits) {
            throw Refusal.invalid(
                    name + " is of the wrong type; wanted is a " + kind.name().toLowerCase(Locale.ROOT));
        }
        if (kind == Kind.TEXT || kind == Kind.NUMBER) {
            checkText(node.asText());
        }
    }

    private void checkText(String value) throws Refusal {
        switch (kind) {
            case NUMBER -> checkNumber(value);
            case FLAG -> {
                if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
                    throw Refusal.invalid(name + " must be true or false");
                }
            }
            case TEXT -> {
                long length = value.codePointCount(0, value.length());
                if (length < min || length > max) {
                    throw Refusal.invalid(name + " must have " + min + " to " + max + " characters, but has " + length);
                }
                if (pattern != null && !pattern.matcher(value).matches()) {
                    throw Refusal.invalid(name + " must match " + pattern);
                }
                if (!oneOf.isEmpty() && !oneOf.contains(value)) {
                    throw Refusal.invalid(name + " must be one of " + String.join(", ", oneOf));
                }
            }
            case OBJECT, LIST -> throw new IllegalStateException(name + " stands in a body");
        }
    }

    private void checkNumber(String value) throws Refusal {
        long number;
        try {
            number = Long.parseLong(value);
        } catch (NumberFormatException none) {
            throw Refusal.invalid(name + " must be a whole number");
        }
        if (number < min || number > max) {
            throw Refusal.invalid(name + " must be a whole number from " + min + " to " + max);
        }
    }
}
