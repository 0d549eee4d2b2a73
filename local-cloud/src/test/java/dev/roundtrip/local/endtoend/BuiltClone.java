package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A clone of this repository that is built: the launchers are the real ones, what Maven made is copied, and Maven is
 * played by a shell script.
 */
final class BuiltClone {
    private static final Path REPOSITORY = Path.of("..");

    private static final List<String> MODULES = List.of(
            "protocol",
            "auth",
            "mqtt",
            "cli",
            "invoke-function",
            "device",
            "device-simulator",
            "sigv4-client",
            "local-cloud");

    /** Writes every jar anew in place, as the real one does, and takes its time. What is not asked for is left broken.
     */
    private static final String MAVEN = """
            #!/bin/sh
            echo "[INFO] Building The played build 0.1.0-SNAPSHOT                  [1/1]"
            sleep 2.5
            while [ "$1" != --projects ]; do shift; done
            for jar in */target/*.jar */target/lib/*.jar; do
                cp "$jar" "$jar.kept"
                : >"$jar"
            done
            for jar in "$2"/target/*.jar "$2"/target/lib/*.jar; do
                cp "$jar.kept" "$jar"
            done
            """;

    private final Path root;
    private final Path tools;

    private BuiltClone(Path root, Path tools) {
        this.root = root;
        this.tools = tools;
    }

    /** @param root a directory that is not there yet; beside it, another one is made */
    static BuiltClone at(Path root) throws IOException {
        copy(Path.of("bin"), root);
        copy(Path.of("pom.xml"), root);
        for (String module : MODULES) {
            Path target = Path.of(module, "target");
            copy(Path.of(module, "pom.xml"), root);
            Files.createDirectories(root.resolve(module).resolve("src/main"));
            Files.writeString(root.resolve(module).resolve("src/main/source"), "");
            for (String part : new String[] {module + ".jar", "lib", "classpath", "invoke-function", "crt/native"}) {
                if (Files.exists(REPOSITORY.resolve(target).resolve(part))) {
                    copy(target.resolve(part), root);
                }
            }
        }
        Path tools = Files.createDirectory(root.resolveSibling("tools"));
        Files.writeString(tools.resolve("mvn"), MAVEN);
        Files.setPosixFilePermissions(tools.resolve("mvn"), PosixFilePermissions.fromString("rwxr-xr-x"));
        return new BuiltClone(root, tools);
    }

    private static void copy(Path what, Path root) throws IOException {
        try (Stream<Path> files = Files.walk(REPOSITORY.resolve(what))) {
            for (Path file : files.toList()) {
                Path copy = root.resolve(REPOSITORY.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                if (Files.isRegularFile(file)) {
                    Files.copy(file, copy);
                }
            }
        }
    }

    Path root() {
        return root;
    }

    /** Changes a source of the module, so that whatever is built from it must be built again. */
    void touch(String module) throws IOException {
        Files.setLastModifiedTime(root.resolve(module).resolve("src/main/source"), FileTime.from(Instant.now()));
    }

    /** The copies of a program that are there. */
    List<Path> copies(String program) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(".launched").resolve(program))) {
            return files.filter(Files::isDirectory).toList();
        }
    }

    /** Prepares to start a program, with this test's JDK and the played Maven. */
    ProcessBuilder program(String name, String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(root.resolve("bin").resolve(name).toString());
        words.addAll(List.of(arguments));
        return prepare(words);
    }

    /** Prepares a script, in which {@code $1} is the clone. */
    ProcessBuilder script(String script) {
        return prepare(List.of("sh", "-c", script, "script", root.toString()));
    }

    private ProcessBuilder prepare(List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words).directory(root.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("LC_") || name.startsWith("AWS_"));
        environment.put("LANG", "C.UTF-8");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("PATH", tools + ":" + environment.getOrDefault("PATH", "/usr/bin:/bin"));
        return builder;
    }

    /** How a program ended.
     *
     * @param code its exit code
     * @param out what it printed on standard output
     * @param err what it printed on standard error
     */
    record Ending(int code, String out, String err) {
        static Ending of(ProcessBuilder builder) throws IOException, InterruptedException {
            Path err = Files.createTempFile("standard-error", null);
            Process process = builder.redirectError(err.toFile()).start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException("it did not end");
            }
            String errors = Files.readString(err);
            Files.delete(err);
            return new Ending(process.exitValue(), out, errors);
        }
    }
}
