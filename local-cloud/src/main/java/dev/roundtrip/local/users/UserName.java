package dev.roundtrip.local.users;

import java.util.regex.Pattern;

/** The name of a caller, as IAM has it for users.
 *
 * @param value 1 to 64 letters, digits and any of {@code + = , . @ _ -}; no dot at the start
 */
public record UserName(String value) {
    // Source: IAM and STS quotas, "IAM entity names"; the dot is ours, for names become directories.
    private static final Pattern NAME = Pattern.compile("[\\w+=,@-][\\w+=,.@-]{0,63}");

    /** @throws IllegalArgumentException when it is no such name; the message says so */
    public UserName {
        if (!NAME.matcher(value).matches()) {
            throw new IllegalArgumentException("a caller's name has 1 to 64 letters, digits and any of + = , . @ _ -");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
