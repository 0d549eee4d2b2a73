package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roundtrip.local.endtoend.BuiltClone.Ending;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launchers in {@code bin}, in a clone whose path has all that paths may have. */
class LauncherIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static BuiltClone clone;

    @SuppressWarnings("NullAway.Init")
    private static Process cloud;

    @SuppressWarnings("NullAway.Init")
    private static Map<String, String> environment;

    private final List<Process> started = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        clone = BuiltClone.at(directory.resolve("klön $HOME \"it's\"\nnew"));
        cloud = startCloud("C");
        environment = environment(cloud);
    }

    @AfterAll
    static void stop() {
        end(cloud);
    }

    @AfterEach
    void stopOthers() {
        started.forEach(LauncherIT::end);
    }

    private static void end(Process process) {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        // Until then its copy is in use.
        all.forEach(one -> one.onExit().join());
    }

    private static Process startCloud(String locale) throws Exception {
        Path state = Files.createTempDirectory(directory, "zustand ü ' ");
        ProcessBuilder builder = clone.program(
                "local-cloud",
                "start",
                "--device=pump",
                "--state=" + state.resolve("état"),
                "--api-port=0",
                "--mqtt-port=0",
                "--wss-port=0");
        builder.environment().put("LC_ALL", locale);
        return builder.redirectError(state.resolve("log").toFile()).start();
    }

    /** What a shell has after it sourced the file that the cloud names. */
    private static Map<String, String> environment(Process cloud) throws Exception {
        BufferedReader printed = cloud.inputReader(UTF_8);
        StringBuilder lines = new StringBuilder();
        for (String line = printed.readLine(); line != null; line = printed.readLine()) {
            lines.append(line).append('\n');
            if (line.startsWith("Ctrl-C")) {
                break;
            }
        }
        Matcher source = Pattern.compile("(?m)^  (\\. .*)$").matcher(lines);
        assertThat(source.find()).as(lines.toString()).isTrue();
        Ending sourced = Ending.of(clone.script(source.group(1) + "; env"));
        Map<String, String> variables = new HashMap<>();
        sourced.out()
                .lines()
                .map(line -> line.split("=", 2))
                .filter(word -> word.length == 2)
                .forEach(word -> variables.put(word[0], word[1]));
        variables.keySet().removeIf(name -> !name.matches("(AWS|API|IOT)_.*"));
        return variables;
    }

    private static ProcessBuilder client(String... arguments) {
        ProcessBuilder client = clone.program("sigv4-client", arguments);
        client.environment().putAll(environment);
        return client;
    }

    private static String call(String parameters) {
        return environment.getOrDefault("API_ENDPOINT", "not set") + "?target=pump&timeout=20&" + parameters;
    }

    @Test
    void program_that_runs_goes_on_while_its_build_is_replaced() throws Exception {
        // given
        Process running = startCloud("C.UTF-8");
        started.add(running);
        Map<String, String> itsOwn = environment(running);
        int before = clone.copies("local-cloud").size();

        // when
        clone.touch("sigv4-client");
        Ending rebuilt = Ending.of(clone.program("sigv4-client", "--version"));

        // then
        assertThat(rebuilt.code()).as(rebuilt.err()).isZero();
        assertThat(rebuilt.err()).contains("building");
        for (String kind : List.of(
                "method=greet&request=hello", "method=add&request=none", "presence=check&method=echo&request=hi")) {
            ProcessBuilder call =
                    client(itsOwn.getOrDefault("API_ENDPOINT", "not set") + "?target=pump&timeout=20&" + kind);
            call.environment().putAll(itsOwn);
            assertThat(Ending.of(call).out())
                    .contains("\"result\":\"" + (kind.contains("add") ? "device_error" : "ok"));
        }
        running.destroy();
        assertThat(running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(running.exitValue()).isEqualTo(143);
        assertThat(clone.copies("local-cloud")).hasSize(before);
    }

    @Test
    void copies_that_nobody_runs_are_removed_and_no_other() throws Exception {
        // given
        Ending.of(clone.program("sigv4-client", "--version"));
        Path first = clone.copies("sigv4-client").getFirst();
        Process reader =
                client("--data", "@-", call("").replaceAll("\\?.*", "")).start();
        started.add(reader);
        await().atMost(PATIENCE).until(() -> reader.info().command().orElse("").endsWith("java"));

        // when
        clone.touch("sigv4-client");
        Ending.of(clone.program("sigv4-client", "--version"));
        clone.touch("sigv4-client");
        Ending.of(clone.program("sigv4-client", "--version"));

        // then
        assertThat(clone.copies("sigv4-client")).hasSize(2).contains(first);
        reader.getOutputStream().write("{\"target\":\"pump\",\"method\":\"echo\",\"request\":1}".getBytes(UTF_8));
        reader.getOutputStream().close();
        assertThat(new String(reader.getInputStream().readAllBytes(), UTF_8)).contains("\"response\":1");
        reader.waitFor();

        clone.touch("sigv4-client");
        Ending.of(clone.program("sigv4-client", "--version"));
        assertThat(clone.copies("sigv4-client")).hasSize(1).doesNotContain(first);
    }

    @Test
    void build_says_at_least_every_two_seconds_how_far_it_is() throws Exception {
        clone.touch("sigv4-client");

        Ending ending = Ending.of(clone.program("sigv4-client", "--version"));

        assertThat(ending.err().lines())
                .anyMatch(line -> line.matches("sigv4-client: building, 0 s.*"))
                .anyMatch(line -> line.matches("sigv4-client: building, 2 s: The played build \\[1/1]"))
                .allMatch(line -> line.startsWith("sigv4-client: "));
        assertThat(ending.out()).contains("sigv4-client").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LC_ALL=C",
                "LC_ALL=",
                "LANG=",
                "LC_ALL=xx_XX.ISO-8859-1",
                "LANG=xx_XX.UTF-8",
                "LC_CTYPE=POSIX",
                "LC_ALL=C.UTF-8"
            })
    void arguments_are_utf_8_whatever_the_locale(String locale) throws Exception {
        // given
        String[] setting = locale.split("=", -1);
        ProcessBuilder client = client(call("method=echo&request=grüße €"));
        client.environment().remove("LANG");
        client.environment().put(setting[0], setting[1]);

        // when
        Ending ending = Ending.of(client);

        // then
        assertThat(ending.out()).contains("\"response\":\"grüße €\"");
        assertThat(ending.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void arguments_that_are_no_text_are_refused(String locale) throws Exception {
        ProcessBuilder script = clone.script("LC_ALL=" + locale
                + " exec \"$1/bin/sigv4-client\" --verbose \"http://localhost/?a=gr$(printf '\\374')n\"");

        Ending ending = Ending.of(script);

        assertThat(ending.code()).isEqualTo(2);
        assertThat(ending.err())
                .startsWith("sigv4-client: argument 2 is not UTF-8")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:+UseZGC",
                "-Xshare:off",
                "-Xshare:auto",
                "-XX:+UseG1GC -XX:-UseSerialGC",
                "-Xint",
                "-XX:-UseCompressedOops",
                "-Dpattern=*"
            })
    void archive_that_does_not_fit_stays_silent(String options) throws Exception {
        // given
        ProcessBuilder client = client(call("method=echo&request=hi"));
        client.environment().put("JAVA_OPTS", options);

        // when
        Ending ending = Ending.of(client);

        // then
        assertThat(ending.out()).startsWith("{\"result\":\"ok\"").hasLineCount(1);
        assertThat(ending.err()).isEmpty();
    }

    @Test
    void archive_that_is_damaged_stays_silent() throws Exception {
        // given
        clone.touch("sigv4-client");
        Ending.of(clone.program("sigv4-client", "--version"));
        Path copy = clone.copies("sigv4-client").getLast();
        for (String archive : List.of("classes.aot", "classes.jsa")) {
            if (Files.exists(copy.resolve(archive))) {
                Files.writeString(copy.resolve(archive), "no archive");
            }
        }

        // when
        Ending ending = Ending.of(client(call("method=echo&request=hi")));

        // then
        assertThat(ending.out()).startsWith("{\"result\":\"ok\"");
        assertThat(ending.err()).isEmpty();
    }

    @Test
    void build_that_another_user_may_not_renew_is_one_line_that_says_what_to_do() throws Exception {
        // given
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can become another user");
        Ending.of(clone.program("sigv4-client", "--version"));
        Ending.of(new ProcessBuilder("chmod", "a+rx", directory.toString()));
        String version = "exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$1/bin/sigv4-client\" --version";
        Ending fresh = Ending.of(clone.script(version));
        assertThat(fresh.out()).as(fresh.err()).contains("sigv4-client");

        // when
        clone.touch("sigv4-client");
        Ending stale = Ending.of(clone.script(version));

        // then
        assertThat(stale.code()).isEqualTo(1);
        assertThat(stale.out()).isEmpty();
        assertThat(stale.err().replace(clone.root().toString(), "CLONE"))
                .isEqualTo("sigv4-client: must be built, its sources are newer, and you may not write to CLONE:"
                        + " have root run bin/sigv4-client --version, or work in a clone of your own\n");
    }

    @Test
    void clone_whose_path_no_class_path_can_have_is_told_so() throws Exception {
        Path elsewhere = Files.createDirectories(directory.resolve("a:b").resolve("bin"));
        for (String file : List.of("sigv4-client", ".launch", ".build")) {
            Files.copy(clone.root().resolve("bin").resolve(file), elsewhere.resolve(file));
        }

        Ending ending =
                Ending.of(new ProcessBuilder(elsewhere.resolve("sigv4-client").toString(), "--version"));

        assertThat(ending.code()).isEqualTo(1);
        assertThat(ending.err()).contains("a:b", "Move the clone").hasLineCount(1);
    }
}
