package dev.roundtrip.sigv4;

import java.util.regex.Pattern;

/** One header of a request.
 *
 * @param name a token of RFC 9110; compared without regard to case
 * @param value printable ASCII, neither empty nor with blanks around it
 */
public record HeaderLine(String name, String value) {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern PRINTABLE = Pattern.compile("[ -~\t]+");

    /** @throws IllegalArgumentException when name or value break their rule */
    public HeaderLine {
        value = value.strip();
        if (!TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no header name");
        }
        if (!PRINTABLE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "the value of header " + name + " must be printable ASCII and not empty");
        }
    }

    /** Reads {@code Name: value}.
     *
     * @throws IllegalArgumentException when this is no header
     */
    public static HeaderLine parse(String line) {
        int colon = line.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("a header is written 'Name: value', but this is '" + line + "'");
        }
        return new HeaderLine(line.substring(0, colon), line.substring(colon + 1));
    }

    /** Whether this is the header of that name. */
    public boolean is(String otherName) {
        return name.equalsIgnoreCase(otherName);
    }

    @Override
    public String toString() {
        return name + ": " + (is("X-Amz-Security-Token") ? "(" + value.length() + " characters, not shown)" : value);
    }
}
