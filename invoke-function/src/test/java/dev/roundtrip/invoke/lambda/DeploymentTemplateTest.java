package dev.roundtrip.invoke.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What AWS is asked to make. */
class DeploymentTemplateTest {

    @ParameterizedTest
    @ValueSource(strings = {"../template.yaml"})
    void template_has_nothing_that_cfn_lint_complains_of(String template) throws Exception {
        assumeTrue(isInstalled("cfn-lint"), "cfn-lint is not installed: the template goes unchecked here");

        Process lint = new ProcessBuilder("cfn-lint", Path.of(template).toString())
                .redirectErrorStream(true)
                .start();

        try (InputStream output = lint.getInputStream()) {
            assertThat(new String(output.readAllBytes(), UTF_8)).isEmpty();
        }
        assertThat(lint.waitFor()).isZero();
    }

    private static boolean isInstalled(String command) throws InterruptedException {
        try {
            return new ProcessBuilder(command, "--version").start().waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
