package dev.roundtrip.local.endtoend;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the examples in other languages need of this machine; without it their tests are skipped, with the reason. */
final class Runtimes {
    private Runtimes() {}

    /** Goes on where a program is on the path. */
    static void require(String program) throws IOException, InterruptedException {
        if (!succeeds("sh", "-c", "command -v \"$1\"", "sh", program)) {
            abort(program + " is not installed");
        }
    }

    /** A Python that has a module.
     *
     * @param debianPackage what the module is in
     */
    static String pythonWith(String module, String debianPackage) throws IOException, InterruptedException {
        // Debian's own first: another one on the path does not see Debian's packages.
        for (String python : List.of("/usr/bin/python3", "python3")) {
            if (succeeds(python, "-c", "import " + module)) {
                return python;
            }
        }
        return abort(debianPackage + " is not installed");
    }

    private static boolean succeeds(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException missing) {
            return false;
        }
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(command[0] + " does not end");
        }
        return process.exitValue() == 0;
    }
}
