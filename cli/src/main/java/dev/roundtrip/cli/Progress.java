package dev.roundtrip.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Consumer;

/** Says on standard error how far a long work is, each two seconds, where somebody watches. Not thread-safe. */
public final class Progress {
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final Consumer<String> lines;
    private final InstantSource clock;
    private final Instant start;
    private Instant next;

    Progress(Consumer<String> lines, InstantSource clock) {
        this.lines = lines;
        this.clock = clock;
        this.start = clock.instant();
        this.next = start.plus(INTERVAL);
    }

    /** For a work that begins now.
     *
     * @param program the program's name, which begins each line
     * @param err standard error
     * @param terminals the streams that somebody watches; nothing is said where standard error is none of them
     */
    public static Progress begin(String program, PrintWriter err, Set<StandardStream> terminals) {
        Consumer<String> lines = terminals.contains(StandardStream.ERR)
                ? line -> {
                    err.println(program + ": " + line);
                    err.flush();
                }
                : line -> {};
        return new Progress(lines, InstantSource.system());
    }

    /** A part of the work is done.
     *
     * @param what what is counted, such as {@code things}
     */
    public void at(int done, int total, String what) {
        Instant now = clock.instant();
        if (done < total && !now.isBefore(next)) {
            lines.accept(done + " of " + total + " " + what + " after "
                    + Duration.between(start, now).toSeconds() + " s");
            next = now.plus(INTERVAL);
        }
    }
}
