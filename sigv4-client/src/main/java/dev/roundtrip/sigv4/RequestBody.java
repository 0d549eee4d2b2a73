package dev.roundtrip.sigv4;

import dev.roundtrip.cli.SystemReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The body of a request, and where it came from. */
sealed interface RequestBody {
    /** The largest body that is read; API Gateway takes 10 MB. */
    int MAX_BYTES = 64 * 1024 * 1024;

    /** The bytes to send. */
    byte[] bytes();

    /** Nothing to send. */
    record None() implements RequestBody {
        @Override
        public byte[] bytes() {
            return new byte[0];
        }
    }

    /** A file's bytes. */
    @SuppressWarnings("ArrayRecordComponent") // Sent, never compared.
    record FromFile(String path, byte[] bytes) implements RequestBody {}

    /** Bytes from the command line or from standard input. */
    @SuppressWarnings("ArrayRecordComponent") // Sent, never compared.
    record Inline(byte[] bytes) implements RequestBody {

        /** The bytes as text, if they are text that a shell can hold. */
        Optional<String> text() {
            String text = new String(bytes, StandardCharsets.UTF_8);
            boolean faithful = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes);
            return faithful && text.indexOf(0) < 0 ? Optional.of(text) : Optional.empty();
        }
    }

    /** Reads what -d says: a text, {@code @FILE}, {@code -} or {@code @-} for the stream, null for no body.
     *
     * @throws IllegalArgumentException when file or stream cannot be read, or holds more than {@link #MAX_BYTES}
     */
    static RequestBody of(@Nullable String data, InputStream in) {
        if (data == null) {
            return new None();
        }
        if (data.equals("-") || data.equals("@-")) {
            return new Inline(read("standard input", () -> in));
        }
        if (data.startsWith("@")) {
            String path = data.substring(1);
            return new FromFile(path, read(path, () -> Files.newInputStream(Path.of(path))));
        }
        return new Inline(data.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] read(String name, Source source) {
        try (InputStream stream = source.open()) {
            byte[] bytes = stream.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IllegalArgumentException("the body in " + name + " has more than " + MAX_BYTES + " bytes");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no file " + name + " (-d @FILE reads a body from a file)", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the body cannot be read from " + name + ": " + SystemReason.of(e), e);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("the body cannot be read: no file has the name " + name, e);
        }
    }

    /** Opens what is to be read. */
    interface Source {
        InputStream open() throws IOException;
    }
}
