package dev.roundtrip.sigv4;

import dev.roundtrip.cli.SystemReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The devices that repeated calls go to in turn, and the place of their names in a call.
 *
 * @param names 1 to {@value #MAX_TARGETS}, each once
 */
record TargetList(List<String> names) {
    /** What stands in a URL or a body for the name. */
    static final String PLACEHOLDER = "{target}";

    /** Each has a line in the summary, and its own histogram; our choice. */
    static final int MAX_TARGETS = 1_000;

    private static final int MAX_FILE_BYTES = 1024 * 1024;

    /** The names that a thing of AWS IoT can have: they mean themselves in a URL and in JSON. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");

    /** @throws IllegalArgumentException when there are none or too many, or one is no device's name */
    TargetList {
        names = List.copyOf(names);
        if (names.isEmpty() || names.size() > MAX_TARGETS) {
            throw new IllegalArgumentException("--targets takes 1 to " + MAX_TARGETS + " names, not " + names.size());
        }
        Set<String> known = new LinkedHashSet<>();
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("a name of --targets is 1 to 128 letters, digits and any of : _ -,"
                        + " but is '" + (name.length() > 130 ? name.substring(0, 130) + "..." : name) + "'");
            }
            if (!known.add(name)) {
                throw new IllegalArgumentException("--targets has " + name + " twice");
            }
        }
    }

    /** Reads what --targets says: names with commas between them, or {@code @FILE} with names in lines or with commas.
     *
     * @throws IllegalArgumentException when the file cannot be read, or a name breaks its rule
     */
    static TargetList of(String text) {
        String names = text.startsWith("@") ? read(text.substring(1)) : text;
        return new TargetList(Arrays.stream(names.split("[,\\r\\n]", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList());
    }

    private static String read(String file) {
        try (InputStream stream = Files.newInputStream(Path.of(file))) {
            byte[] bytes = stream.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw new IllegalArgumentException(
                        "the file " + file + " of --targets has more than " + MAX_FILE_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "--targets cannot be read from " + file + ": " + SystemReason.of(unreadable), unreadable);
        } catch (InvalidPathException noName) {
            throw new IllegalArgumentException("--targets cannot be read: no file has the name " + file, noName);
        }
    }

    /** Whether a text has the place of a name. */
    static boolean isIn(String text) {
        return text.contains(PLACEHOLDER);
    }

    /** Whether bytes have the place of a name. */
    static boolean isIn(byte[] bytes) {
        return isIn(asBytes(bytes));
    }

    /** The text with a name in its place. */
    static String with(String name, String text) {
        return text.replace(PLACEHOLDER, name);
    }

    /** The bytes with a name in its place; all others stay as they are. */
    static byte[] with(String name, byte[] bytes) {
        return with(name, asBytes(bytes)).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** One character for each byte. */
    private static String asBytes(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
