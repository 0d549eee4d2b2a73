package dev.roundtrip.auth.sigv4;

/** The list of signed headers: names in lower case, in order, separated by semicolons. */
final class SignedHeaders {
    private SignedHeaders() {}

    /** @throws RefusalException when the list is not in canonical form, or the host is not among the names */
    static void check(String names) throws RefusalException {
        if (!contains(names, "host")) {
            throw RefusalException.invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        }
        String previous = "";
        for (int from = 0; from <= names.length(); ) {
            int semicolon = names.indexOf(';', from);
            int to = semicolon < 0 ? names.length() : semicolon;
            String name = names.substring(from, to);
            if (name.compareTo(previous) <= 0 || !isLowerCase(name)) {
                throw RefusalException.invalid(
                        "'SignedHeaders' must be lower case, sorted and without repetition, got '" + names + "'");
            }
            previous = name;
            from = to + 1;
        }
    }

    /** Whether the list has this name, whatever the name's case. */
    static boolean contains(String names, String name) {
        for (int from = 0; from <= names.length(); ) {
            int semicolon = names.indexOf(';', from);
            int to = semicolon < 0 ? names.length() : semicolon;
            if (to - from == name.length() && names.regionMatches(true, from, name, 0, name.length())) {
                return true;
            }
            from = to + 1;
        }
        return false;
    }

    private static boolean isLowerCase(String name) {
        for (int i = 0; i < name.length(); i++) {
            char character = name.charAt(i);
            if (character <= ' ' || character > '~' || (character >= 'A' && character <= 'Z')) {
                return false;
            }
        }
        return true;
    }
}
