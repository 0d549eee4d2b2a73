package dev.roundtrip.local.lambda;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A process that never outlives this one, however this one ends, and that is sent signals. Thread-safe.
 *
 * <p>A shell stands between: it passes on the signals that it reads from a pipe, and when the pipe ends, because its
 * writer has, it kills the process.
 */
final class FunctionProcess {
    private static final Logger LOG = System.getLogger(FunctionProcess.class.getName());

    /** Keyboard and terminal are the parent's matter, and a signal to the whole session is no reason to leave something
     * behind: but only a caught signal is not ignored by the process as well. Waiting by the shell that started it is
     * what makes a process id safe to signal.
     */
    private static final String WARDEN = """
            trap '' HUP INT
            trap 'signalled=yes' TERM
            temporary=$1
            shift
            exec 3<&0
            "$@" </dev/null 3<&- &
            function=$!
            exec >/dev/null 2>&1
            (
                trap '' TERM
                while read -r signal <&3; do
                    kill -s "$signal" "$function"
                done
                kill -s KILL "$function"
            ) &
            reader=$!
            signalled=yes
            while [ "$signalled" ]; do
                signalled=
                wait "$function"
                code=$?
            done
            kill -s KILL "$reader"
            wait "$reader"
            rm -rf -- "$temporary"
            exit "$code"
            """;

    /** Gives the shell a session, and with it a process group, of its own. Otherwise the kernel ends the local cloud
     * without a word, when it runs in the background and the shell that started it ends: it sends SIGHUP to a whole
     * group that nobody controls any more while a process in it is stopped,
     * as frozen functions are. Source: POSIX.1-2024, {@code _Exit()}, "Consequences of Process Termination". */
    private static final List<Path> SESSION = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    private final Process warden;
    private final Writer signals;

    /** Starts a process.
     *
     * @param temporary a directory that is deleted after it
     * @param variables its whole environment
     * @param lines takes what it prints, line by line, on a thread of its own
     * @throws IOException when it cannot be started
     */
    FunctionProcess(
            List<String> command, Path directory, Path temporary, Map<String, String> variables, Consumer<String> lines)
            throws IOException {
        List<String> arguments = new ArrayList<>();
        SESSION.stream().filter(Files::isExecutable).findFirst().ifPresent(setsid -> arguments.add(setsid.toString()));
        arguments.addAll(List.of("/bin/sh", "-c", WARDEN, "warden", temporary.toString()));
        arguments.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(arguments).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(variables);
        this.warden = builder.start();
        this.signals = warden.outputWriter(StandardCharsets.US_ASCII);
        Thread.ofPlatform().name("function-output").daemon().start(() -> pass(lines));
    }

    private void pass(Consumer<String> lines) {
        try (BufferedReader output = warden.inputReader(StandardCharsets.UTF_8)) {
            output.lines().filter(line -> !line.isBlank()).forEach(line -> pass(line, lines));
        } catch (IOException | java.io.UncheckedIOException ended) {
            // Nothing more is to be read.
        }
    }

    /** One line that cannot be passed on is lost. The others are read: a function whose output nobody reads stops in
     * the middle of a call.
     */
    private static void pass(String line, Consumer<String> lines) {
        try {
            lines.accept(line);
        } catch (RuntimeException defect) {
            LOG.log(
                    Level.ERROR,
                    "A line of the function was lost because of {0}",
                    defect.getClass().getName());
        }
    }

    /** Ends with the process: its exit code, or 128 and the signal that ended it. */
    CompletableFuture<Integer> exit() {
        return warden.onExit().thenApply(ended -> {
            kill();
            return ended.exitValue();
        });
    }

    /** Stops it where it is. */
    void freeze() {
        signal("STOP");
    }

    /** Lets it go on. */
    void thaw() {
        signal("CONT");
    }

    /** Asks it to end. */
    void terminate() {
        thaw();
        signal("TERM");
    }

    /** Ends it, awake or frozen. */
    void kill() {
        try {
            signals.close();
        } catch (IOException gone) {
            // It has ended.
        }
    }

    /** Waits until nothing is left of it.
     *
     * @return whether nothing is
     */
    boolean awaitEnd(long millis) throws InterruptedException {
        return warden.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    private void signal(String name) {
        try {
            signals.write(name + "\n");
            signals.flush();
        } catch (IOException gone) {
            // It has ended, and is told so by exit().
        }
    }
}
