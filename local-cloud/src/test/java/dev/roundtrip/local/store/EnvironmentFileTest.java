package dev.roundtrip.local.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.app.StateDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentFileTest {
    @TempDir
    private Path temporary;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "",
                "two words",
                "it's",
                "''",
                "$(exit 3) `exit 4` ${HOME} !!",
                "\"\\n\\\\\"",
                "a\nb",
                "abc/DEF+ghi=",
                "*?[a]~ # ; & | > <",
                "grüß",
            })
    void a_shell_reads_back_the_value(String value) throws Exception {
        Path file = open().writeEnvironment(Map.of("VALUE", value));

        assertThat(sourced(file, "printf '%s|' \"$VALUE\"")).isEqualTo(value + "|");
    }

    @Test
    void credentials_of_another_kind_are_taken_away() throws Exception {
        Path file = open().writeEnvironment(Map.of("AWS_ACCESS_KEY_ID", "AKIA"));

        assertThat(sourced(file, "printf %s \"${AWS_SESSION_TOKEN-gone} ${AWS_PROFILE-gone} $AWS_ACCESS_KEY_ID\""))
                .isEqualTo("gone gone AKIA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1A", "A B", "A;B", "A=B"})
    void a_name_that_no_shell_takes_is_refused(String name) throws Exception {
        StateDirectory state = open();

        assertThatThrownBy(() -> state.writeEnvironment(Map.of(name, "x"))).isInstanceOf(StateException.class);
    }

    @Test
    void a_value_that_no_shell_can_hold_is_refused() throws Exception {
        StateDirectory state = open();

        assertThatThrownBy(() -> state.writeEnvironment(Map.of("SECRET", "tell\0nobody")))
                .isInstanceOf(StateException.class)
                .hasMessageNotContaining("nobody");
    }

    private StateDirectory open() throws StateException {
        return StateDirectory.open(temporary.resolve("it's a state"));
    }

    private static String sourced(Path file, String command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-euc", ". \"$1\"; " + command, "sh", file.toString());
        builder.environment().put("AWS_SESSION_TOKEN", "other");
        builder.environment().put("AWS_PROFILE", "other");
        Process shell = builder.redirectErrorStream(true).start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        return output;
    }
}
