package dev.roundtrip.invoke.dataplane;

import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import java.time.Duration;

/** How long a command is held back. */
final class Waiting {
    /** A command that was held back in vain must be told from one that was sent, before the call's time is over. */
    private static final Duration RESERVE = Duration.ofMillis(200);

    private Waiting() {}

    /** As long as the caller wants, and not quite to the call's deadline. */
    static Deadline of(Command command) {
        Duration rest = command.deadline().remaining().minus(RESERVE);
        Duration wanted = command.absence().holdBack();
        return command.deadline().atMost(rest.compareTo(wanted) < 0 ? rest : wanted);
    }
}
