package dev.roundtrip.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** The two streams that a program writes to. */
public enum StandardStream {
    OUT(1),
    ERR(2);

    private final int descriptor;

    StandardStream(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Those of this process that end at a terminal. */
    public static Set<StandardStream> terminals() {
        Set<StandardStream> found = EnumSet.noneOf(StandardStream.class);
        for (StandardStream stream : values()) {
            if (stream.isTerminal()) {
                found.add(stream);
            }
        }
        return found;
    }

    /** Whether both go to one place, as {@code 2>&1} does; unknown, and so no, where there is no Linux. */
    public static boolean areOne() {
        try {
            return Files.readSymbolicLink(OUT.link()).equals(Files.readSymbolicLink(ERR.link()));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private Path link() {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    /** Whether another program reads it through a pipe; unknown, and so no, where there is no Linux. */
    boolean isPipe() {
        try {
            return Files.readSymbolicLink(link()).toString().startsWith("pipe:");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Whether it ends at a terminal. */
    public boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(link()).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return consoleIsTerminal(); // no Linux: Java tells about input and output together only
        }
    }

    @SuppressWarnings("SystemConsoleNull") // Java 21 answers null where there is no terminal.
    private static boolean consoleIsTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try { // since Java 22, where a console exists without a terminal too
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
