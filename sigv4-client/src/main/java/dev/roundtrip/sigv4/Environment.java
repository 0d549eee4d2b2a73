package dev.roundtrip.sigv4;

import dev.roundtrip.cli.StandardStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the program was started in.
 *
 * @param variables the environment
 * @param in standard input
 * @param out standard output: results
 * @param err standard error: diagnosis
 * @param terminals the streams that somebody watches
 * @param meeting whether results and diagnosis end up in one place
 */
record Environment(
        Map<String, String> variables,
        InputStream in,
        OutputStream out,
        PrintWriter err,
        Set<StandardStream> terminals,
        Meeting meeting) {
    private static final String PROGRAM = "sigv4-client: ";

    /** Where results and diagnosis go. */
    enum Meeting {
        APART,
        TOGETHER
    }

    /** Those of this process. */
    static Environment ofProcess() {
        OutputStream out =
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)); // tells when its reader left
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        return new Environment(
                System.getenv(),
                System.in,
                out,
                err,
                StandardStream.terminals(),
                StandardStream.areOne() ? Meeting.TOGETHER : Meeting.APART);
    }

    /** Writes a result. A reader that has left, as {@code head} does, is no failure.
     *
     * @throws CallFailedException when it cannot be written for another reason
     */
    void print(byte[] result) {
        try {
            out.write(result);
            out.flush();
        } catch (IOException e) {
            // The text is the system's, in its user's language: "Broken pipe", "Relais brisé (pipe)".
            if (!String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("pipe")) {
                throw new CallFailedException("the result cannot be written: " + e.getMessage(), e);
            }
        }
    }

    /** For help and version: bytes are printed as results, and what cannot be written is told here. */
    OutputStream help() {
        return new OutputStream() {
            @Override
            public void write(int single) throws IOException {
                write(new byte[] {(byte) single}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                try {
                    print(Arrays.copyOfRange(bytes, from, from + length));
                } catch (CallFailedException unwritten) {
                    fail(String.valueOf(unwritten.getMessage()));
                    throw new IOException(unwritten);
                }
            }
        };
    }

    /** Writes a result that is text. */
    void print(String result) {
        print(result.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a line of diagnosis after this result would stand in the result's last line. On a terminal it would not:
     * what is printed there ends with its line.
     */
    boolean isGlued(byte[] result) {
        return meeting == Meeting.TOGETHER
                && !terminals.contains(StandardStream.OUT)
                && result.length > 0
                && result[result.length - 1] != '\n';
    }

    /** Writes a line of diagnosis as it is. */
    void note(String line) {
        err.println(line);
    }

    /** Writes a warning in this program's name. */
    void warn(String line) {
        err.println(PROGRAM + line);
    }

    /** Writes why it did not work in this program's name. */
    void fail(String line) {
        err.println(colour(StandardStream.ERR, Colour.RED, PROGRAM + line));
    }

    /** The text in colour, where somebody watches and has nothing against it (NO_COLOR). */
    String colour(StandardStream stream, Colour colour, String text) {
        boolean wanted = terminals.contains(stream)
                && variables.getOrDefault("NO_COLOR", "").isEmpty();
        return wanted ? "\033[" + colour.code + "m" + text + "\033[0m" : text;
    }

    /** Colours of a terminal; source: ECMA-48, SGR. */
    enum Colour {
        RED(31),
        GREEN(32);

        private final int code;

        Colour(int code) {
            this.code = code;
        }
    }
}
