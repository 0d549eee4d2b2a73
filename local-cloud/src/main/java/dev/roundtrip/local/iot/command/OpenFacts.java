package dev.roundtrip.local.iot.command;

import dev.roundtrip.local.http.ErrorType;

/** What AWS's documents leave open about commands; {@code docs/open-facts.md} says why each was chosen. */
final class OpenFacts {
    /** How a device is refused that reports about an execution that has ended. */
    static final UpdateError AFTER_THE_END = UpdateError.TERMINAL_STATE_REACHED;

    /** Whether the value of a parameter that is no string loses the quotes around its placeholder. */
    static final boolean TYPED_VALUES_LOSE_THEIR_QUOTES = true;

    /** Whether only the client itself may report about an execution that runs on a client. */
    static final boolean CLIENT_REPORTS_FOR_ITSELF = true;

    /** Whether a command runs on registered things alone. */
    static final boolean THING_MUST_BE_REGISTERED = true;

    /** How an execution of a command is refused that is being deleted. */
    static final ErrorType PENDING_DELETION = ErrorType.VALIDATION;

    /** Whether a parameter is refused that the command does not have. */
    static final boolean PARAMETERS_MUST_BE_KNOWN = true;

    /** How many commands there may be; the documents name no number. */
    static final int MAX_COMMANDS = 5_000;

    private OpenFacts() {}
}
