package dev.roundtrip.auth.policy;

import java.io.Serial;

/** A text is no policy document that can be obeyed. The message is one line that says where and why. Trying again
 * cannot help.
 */
public final class MalformedPolicyException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    MalformedPolicyException(String message) {
        super(message);
    }

    /** The same problem, with the place where it is. */
    MalformedPolicyException at(String place) {
        return new MalformedPolicyException(place + ": " + getMessage());
    }
}
