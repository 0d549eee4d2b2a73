package dev.roundtrip.local.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.users.StoredUser;
import dev.roundtrip.local.users.UserName;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CallerCommandTest {
    private static final String POLICY = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"execute-api:Invoke",
             "Resource":"arn:aws:execute-api:*:*:*/Prod/*/invoke/pump-1/*"}]}
            """;

    @TempDir
    private Path temporary;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("caller", "--state", state().toString()));
        all.addAll(List.of(arguments));
        CommandLine command = LocalCloudCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(all.toArray(String[]::new));
    }

    private Path state() {
        return temporary.resolve("state");
    }

    private String policy(String text) throws Exception {
        return Files.writeString(temporary.resolve("given.json"), text).toString();
    }

    private StoredUser caller() throws Exception {
        return StateDirectory.open(state()).findCaller(new UserName("alice")).orElseThrow();
    }

    @Test
    void caller_gets_private_files_and_a_way_to_use_them() throws Exception {
        assertThat(run("alice", "--policy", policy(POLICY))).isZero();

        StoredUser alice = caller();
        for (Path file : List.of(
                alice.files().credentials(),
                alice.files().environment(),
                alice.files().policy())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        assertThat(Files.readString(alice.files().policy())).isEqualTo(POLICY);
        assertThat(Files.readAllLines(alice.files().credentials()))
                .containsExactly(
                        "[default]",
                        "aws_access_key_id = " + alice.credentials().accessKeyId(),
                        "aws_secret_access_key = " + alice.credentials().secretAccessKey());
        assertThat(out.toString())
                .contains(". '" + state().resolve("env") + "'")
                .contains(". '" + alice.files().environment() + "'")
                .doesNotContain(alice.credentials().secretAccessKey());
    }

    @Test
    void sourced_file_makes_a_shell_the_caller() throws Exception {
        run("alice", "--policy", policy(POLICY));

        Process shell = new ProcessBuilder(
                        "sh",
                        "-c",
                        ". '" + caller().files().environment() + "' && printf %s \"$AWS_SECRET_ACCESS_KEY\"")
                .start();

        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(caller().credentials().secretAccessKey());
    }

    @Test
    void another_policy_takes_the_place_of_the_first_and_the_key_stays() throws Exception {
        run("alice", "--policy", policy(POLICY));
        String key = caller().credentials().accessKeyId();

        assertThat(run("alice", "--policy", policy(POLICY.replace("pump-1", "pump-2"))))
                .isZero();
        assertThat(run("alice")).isZero();

        assertThat(caller().credentials().accessKeyId()).isEqualTo(key);
        assertThat(Files.readString(caller().files().policy())).contains("pump-2");
    }

    @Test
    void policy_that_cannot_be_read_is_told_with_the_systems_reason() {
        assertThat(run("alice", "--policy", "/nope")).isEqualTo(2);
        assertThat(run("alice", "--policy", temporary.toString())).isEqualTo(2);

        assertThat(err.toString())
                .contains("the policy /nope cannot be read: it is not there\n")
                .contains("the policy " + temporary + " cannot be read: Is a directory\n");
    }

    @Test
    void new_caller_without_a_policy_is_not_made() {
        assertThat(run("alice")).isEqualTo(2);

        assertThat(err.toString()).contains("--policy");
        assertThat(state().resolve("callers")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../alice", "a/b", "ali ce", "älice", "a\n"})
    void name_that_is_none_is_wrong_usage(String name) throws Exception {
        assertThat(run(name, "--policy", policy(POLICY))).isEqualTo(2);

        assertThat(err.toString()).contains("a caller's name has");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "{\"Version\":\"2012-10-17\",\"Statement\":[]}"})
    void policy_that_is_none_is_refused_in_one_line(String text) throws Exception {
        assertThat(run("alice", "--policy", policy(text))).isEqualTo(1);

        assertThat(err.toString().lines()).hasSize(1).first().asString().contains("the policy cannot be taken");
    }
}
