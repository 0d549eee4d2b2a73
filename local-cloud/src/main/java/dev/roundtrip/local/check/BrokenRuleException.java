package dev.roundtrip.local.check;

import java.io.Serial;

/** The device did something that a rule forbids, or not what it demands. The message says what was seen. */
final class BrokenRuleException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    BrokenRuleException(String message) {
        super(message);
    }
}
