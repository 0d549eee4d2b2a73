package dev.roundtrip.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Standard output of a program, in UTF-8, which keeps why it could not be written. Thread-safe.
 *
 * <p>A reader that has left, as {@code head} does, is no failure: it has read what it wanted.
 */
public final class StandardOutput extends PrintWriter {
    private static final int FAILED = 1;

    private final Target target;

    private StandardOutput(Target target) {
        super(new OutputStreamWriter(target, StandardCharsets.UTF_8), true);
        this.target = target;
    }

    /** Executes a command that writes its results to this process's standard output.
     *
     * @param program the program's name, for the complaint when they cannot be written
     * @return the command's exit code; 1 in the place of 0 when its results could not be written
     */
    @SuppressWarnings("SystemOut") // Standard error of the process, in UTF-8 whatever the locale.
    public static int execute(String program, CommandLine command, String... arguments) {
        StandardOutput out = new StandardOutput(new Target(new FileOutputStream(FileDescriptor.out)));
        PrintWriter err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
        command.setOut(out);
        command.setErr(err);
        int code = command.execute(arguments);
        Optional<String> failure = out.failure();
        if (failure.isEmpty() || code != 0) {
            return code;
        }
        err.println(program + ": " + failure.get());
        return FAILED;
    }

    /** Checks that what a command has written so far has arrived.
     *
     * @throws IOException when it has not; the message is for a person
     */
    public static void check(CommandLine command) throws IOException {
        if (command.getOut() instanceof StandardOutput out) {
            Optional<String> failure = out.failure();
            if (failure.isPresent()) {
                throw new IOException(failure.get());
            }
        }
    }

    private Optional<String> failure() {
        flush();
        IOException failure = target.failure;
        return failure == null
                ? Optional.empty()
                : Optional.of("standard output cannot be written: " + SystemReason.of(failure));
    }

    /** Writes on, and keeps the first failure that is one. */
    private static final class Target extends OutputStream {
        private final OutputStream stream;
        private volatile @Nullable IOException failure;

        Target(OutputStream stream) {
            this.stream = stream;
        }

        @Override
        public void write(int single) throws IOException {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                stream.write(bytes, from, length);
            } catch (IOException failed) {
                if (failure == null && !hasReaderLeft(failed)) {
                    failure = failed;
                }
                throw failed;
            }
        }

        /** The text is the system's, in its user's language: "Broken pipe", "Relais brisé (pipe)". */
        private static boolean hasReaderLeft(IOException failed) {
            return String.valueOf(failed.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
        }
    }
}
