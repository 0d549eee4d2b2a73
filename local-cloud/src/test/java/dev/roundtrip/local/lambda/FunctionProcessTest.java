package dev.roundtrip.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionProcessTest {
    private static final long LONG = TimeUnit.SECONDS.toMillis(30);

    private final BlockingQueue<String> printed = new LinkedBlockingQueue<>();

    @TempDir
    Path directory;

    private Path temporary = Path.of("");

    @BeforeEach
    void makeTemporary() throws IOException {
        temporary = Files.createDirectory(directory.resolve("temporary"));
    }

    /** Prints its process id, and then does what it is told. */
    private FunctionProcess start(String script) throws IOException {
        return new FunctionProcess(
                List.of("/bin/sh", "-c", "echo $$; " + script), directory, temporary, Map.of(), printed::add);
    }

    private ProcessHandle function() throws InterruptedException {
        String id = printed.poll(30, TimeUnit.SECONDS);
        assertThat(id).isNotNull();
        return ProcessHandle.of(Long.parseLong(id)).orElseThrow();
    }

    @Test
    void a_process_that_ends_leaves_its_exit_code_and_no_directory() throws Exception {
        FunctionProcess process = start("exit 7");

        assertThat(process.exit().get(30, TimeUnit.SECONDS)).isEqualTo(7);
        assertThat(temporary).doesNotExist();
    }

    @Test
    void it_is_read_to_its_end_though_one_line_cannot_be_passed_on() throws Exception {
        FunctionProcess process = new FunctionProcess(
                List.of("/bin/sh", "-c", "echo bad; seq 1 100000; echo good; exec sleep 60"),
                directory,
                temporary,
                Map.of(),
                line -> {
                    if (line.equals("bad")) {
                        throw new IllegalStateException("this line is too bad");
                    }
                    printed.add(line);
                });

        await().until(() -> printed.contains("good"));

        process.terminate();
        process.exit().get(30, TimeUnit.SECONDS);
    }

    @Test
    void it_ends_when_asked_to() throws Exception {
        FunctionProcess process = start("exec sleep 60");
        function();

        process.terminate();

        assertThat(process.exit().get(30, TimeUnit.SECONDS)).isEqualTo(128 + 15);
    }

    /** As {@code timeout} and service managers end a group: everything in it is sent the signal, and what is stopped
     * does not hear it.
     */
    @Test
    void nothing_is_left_of_a_stopped_one_when_everything_around_it_is_sent_a_signal() throws Exception {
        FunctionProcess process = start("exec sleep 60");
        ProcessHandle function = function();
        process.freeze();
        await().until(() -> isStopped(function));
        ProcessHandle warden = function.parent().orElseThrow();

        warden.descendants().filter(other -> !other.equals(function)).forEach(ProcessHandle::destroy);
        warden.destroy();
        function.destroy();

        assertThat(process.awaitEnd(500)).isFalse();
        process.kill();
        assertThat(process.awaitEnd(LONG)).isTrue();
        await().until(() -> !function.isAlive());
        assertThat(temporary).doesNotExist();
    }

    /** Source: proc_pid_stat(5), the field after the name. */
    private static boolean isStopped(ProcessHandle process) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"))
                .contains(") T ");
    }
}
