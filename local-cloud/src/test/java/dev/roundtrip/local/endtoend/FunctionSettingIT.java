package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings of the function, chosen by who starts the local cloud. */
class FunctionSettingIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Programs programs;

    @BeforeEach
    void open() {
        programs = new Programs(directory);
    }

    @AfterEach
    void stop() {
        programs.close();
    }

    /** What a call to a device that is not there is told: only direct delivery notices. */
    private String callNobody(int seconds) throws Exception {
        Map<String, String> environment = programs.environment();
        Process client = programs.client(
                environment,
                environment.getOrDefault("API_ENDPOINT", "not set")
                        + "?method=greet&request=hello&target=nobody&timeout=" + seconds);
        return Programs.output(client);
    }

    @Test
    void setting_on_the_command_line_reaches_the_function_and_is_shown() throws Exception {
        Programs.Started cloud = programs.start(Map.of(), "--function-setting", "DELIVERY=direct");

        String answer = callNobody(5);

        assertThat(answer).contains("\"result\":\"offline\"");
        assertThat(cloud.banner()).contains("  Function DELIVERY=direct");
    }

    @Test
    void setting_in_the_environment_reaches_the_function_and_is_shown() throws Exception {
        Programs.Started cloud = programs.start(Map.of("DELIVERY", "direct"));

        String answer = callNobody(5);

        assertThat(answer).contains("\"result\":\"offline\"");
        assertThat(cloud.banner()).contains("  Function DELIVERY=direct (environment)");
    }

    @Test
    void packaged_function_has_the_setting_too() throws Exception {
        Programs.Started cloud =
                programs.start(Map.of(), "--runtime", "process", "--function-setting", "DELIVERY=direct");

        String answer = callNobody(5);

        assertThat(answer).contains("\"result\":\"offline\"");
        assertThat(cloud.banner()).contains("  Function DELIVERY=direct");
    }

    @Test
    void command_line_wins_over_the_environment() throws Exception {
        Programs.Started cloud = programs.start(
                Map.of("DELIVERY", "direct", "MAX_TIMEOUT_SECONDS", "5", "WSS_ENDPOINT", "ignored.example"),
                "--function-setting",
                "DELIVERY=");

        String answer = callNobody(1);

        assertThat(answer).contains("\"result\":\"timeout\"");
        assertThat(cloud.banner()).contains("  Function DELIVERY=, MAX_TIMEOUT_SECONDS=5 (environment)");
    }

    @Test
    void demo_has_the_settings_too() throws Exception {
        Process demo = programs.localCloud("demo", "--function-setting", "DELIVERY=direct");

        assertThat(Programs.output(demo)).contains("Function: DELIVERY=direct", "HTTP 200");
        assertThat(demo.exitValue()).isZero();
    }
}
