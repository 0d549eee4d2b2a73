package dev.roundtrip.invoke.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What AWS is asked to make. */
class DeploymentTemplateTest {
    /** A command of docs/deploy.md, on one line, and its parameters. */
    private static final Pattern DEPLOYMENT =
            Pattern.compile("(?:sam|aws cloudformation) deploy [^\n`]*--parameter-overrides ([^\n`]+)");

    private static final Pattern TEMPLATE_FILE = Pattern.compile("--template-file (\\S+)");
    private static final Pattern OVERRIDE = Pattern.compile("(?:^| )\"?([A-Za-z]+)=");

    /** Source: AWS Lambda API reference, PublishVersion, "Description". */
    private static final int MAX_VERSION_DESCRIPTION = 256;

    /** A row of a table of parameters, without its meaning. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `[A-Za-z]+` \\|[^|]*\\|[^|]*\\|");

    /** A parameter's name, and what is said of it. */
    private static final Pattern PARAMETER = Pattern.compile("(?m)^ {2}([A-Za-z]+):((?:\n {3,}.*|\n(?=\n))*)");

    @ParameterizedTest
    @ValueSource(strings = {"../template.yaml", "../device-simulator/template.yaml"})
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

    @Test
    void parameters_that_the_document_gives_are_the_templates() throws Exception {
        List<MatchResult> deployments = DEPLOYMENT
                .matcher(Files.readString(Path.of("../docs/deploy.md")).replace("\\\n", " "))
                .results()
                .toList();

        assertThat(deployments).hasSize(2).allSatisfy(deployment -> {
            Path template = Path.of(
                    "..",
                    TEMPLATE_FILE
                            .matcher(deployment.group())
                            .results()
                            .map(option -> option.group(1))
                            .findFirst()
                            .orElse("template.yaml"));
            assertThat(parameters(template)).containsAll(given(deployment.group(1)));
            assertThat(given(deployment.group(1))).containsAll(required(template));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"template.yaml", "device-simulator/template.yaml"})
    void document_has_each_parameter_with_its_default_and_range(String template) throws Exception {
        String section = Files.readString(Path.of("../docs/settings.md"))
                .replaceFirst("(?s).*\n## Parameters of `" + template + "`\n", "")
                .replaceFirst("(?s)\n## .*", "");

        List<String> rows =
                ROW.matcher(section).results().map(MatchResult::group).toList();

        assertThat(rows)
                .isEqualTo(definitions(Path.of("..", template))
                        .map(parameter -> "| `" + parameter.group(1) + "` | " + byDefault(parameter.group(2)) + " | "
                                + range(parameter.group(2)) + " |")
                        .toList());
    }

    private static String byDefault(String definition) {
        String value = property("Default", definition).orElse("required");
        return value.isEmpty()
                ? "empty"
                : value.equals("required") || definition.contains("Type: Number") ? value : "`" + value + "`";
    }

    private static String range(String definition) {
        boolean isNumber = definition.contains("Type: Number");
        Optional<String> values = property("AllowedValues", definition).map(list -> list.replaceAll("[\\[\\]]", ""));
        if (values.isPresent()) {
            return isNumber ? values.get() : "`" + values.get().replace(", ", "`, `") + "`";
        }
        return isNumber
                ? first("MinValue: ([0-9]+)", definition) + " to " + first("MaxValue: ([0-9]+)", definition)
                : property("ConstraintDescription", definition).orElseThrow().replaceFirst("\\.$", "");
    }

    private static Optional<String> property(String name, String definition) {
        return Pattern.compile("\n {4}" + name + ": \"?(.*?)\"?(?=\n|$)")
                .matcher(definition)
                .results()
                .findFirst()
                .map(found -> found.group(1));
    }

    @Test
    void description_of_a_version_fits_whatever_the_parameters() throws Exception {
        Path template = Path.of("../template.yaml");
        Map<String, String> definitions = definitions(template)
                .collect(Collectors.toMap(parameter -> parameter.group(1), parameter -> parameter.group(2)));
        String description = first("VersionDescription: !Sub (.*)", Files.readString(template));

        String longest = Pattern.compile("\\$\\{([A-Za-z]+)}")
                .matcher(description)
                .replaceAll(reference -> "x".repeat(longest(definitions.getOrDefault(reference.group(1), ""))));

        assertThat(longest).doesNotContain("$").hasSizeLessThanOrEqualTo(MAX_VERSION_DESCRIPTION);
    }

    /** How many characters the longest value has that a parameter takes. */
    private static int longest(String definition) {
        if (definition.contains("AllowedValues:")) {
            return Stream.of(first("AllowedValues: \\[(.*)]", definition).split(", *"))
                    .mapToInt(String::length)
                    .max()
                    .orElseThrow();
        }
        if (definition.contains("Type: Number")) {
            return first("MaxValue: ([0-9]+)", definition).length();
        }
        return Integer.parseInt(
                definition.contains("MaxLength:")
                        ? first("MaxLength: ([0-9]+)", definition)
                        : first("AllowedPattern: \"\\[[^]]*]\\{1,([0-9]+)}\"", definition));
    }

    private static String first(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + pattern + " in " + text))
                .group(1);
    }

    private static List<String> given(String overrides) {
        return OVERRIDE.matcher(overrides)
                .results()
                .map(override -> override.group(1))
                .toList();
    }

    private static List<String> parameters(Path template) throws IOException {
        return definitions(template).map(parameter -> parameter.group(1)).toList();
    }

    /** Those without a default. */
    private static List<String> required(Path template) throws IOException {
        return definitions(template)
                .filter(parameter -> !parameter.group(2).contains("\n    Default:"))
                .map(parameter -> parameter.group(1))
                .toList();
    }

    private static Stream<MatchResult> definitions(Path template) throws IOException {
        String section = Files.readString(template).replaceFirst("(?s).*?\nParameters:\n", "");
        return PARAMETER.matcher(section.replaceFirst("(?s)\n[A-Za-z].*", "\n")).results();
    }

    @Test
    void sam_builds_in_place_and_copies_neither_keys_nor_targets() throws Exception {
        assertThat(Files.readString(Path.of("../samconfig.toml")))
                .contains("[default.build.parameters]\nbuild_in_source = true\n");
        assertThat(Files.readString(Path.of("../template.yaml"))).contains("BuildMethod: makefile");
    }

    @Test
    void make_puts_what_the_build_made_into_the_package_and_nothing_beside(@TempDir Path clone) throws Exception {
        // given
        assumeTrue(isInstalled("make"), "make is not installed: what it packages goes unchecked here");
        Files.copy(Path.of("../Makefile"), clone.resolve("Makefile"));
        for (String secret : List.of(".local-cloud/authority.pem", "private.key", "invoke-function/target/old.jar")) {
            Files.createDirectories(clone.resolve(secret).getParent());
            Files.writeString(clone.resolve(secret), "stays");
        }
        Path maven = clone.resolve("mvn");
        Files.writeString(maven, """
                #!/bin/sh
                mkdir -p invoke-function/target/invoke-function/lib
                echo made >invoke-function/target/invoke-function/lib/made.jar
                """);
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        Path artifacts = clone.resolve("artifacts");

        // when
        ProcessBuilder make = new ProcessBuilder("make", "build-InvokeFunction", "ARTIFACTS_DIR=" + artifacts)
                .directory(clone.toFile())
                .inheritIO();
        make.environment().merge("PATH", clone.toString(), (path, first) -> first + ":" + path);
        assertThat(make.start().waitFor()).isZero();

        // then
        try (Stream<Path> files = Files.walk(artifacts)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> artifacts.relativize(file).toString()))
                    .containsExactly("lib/made.jar");
        }
    }

    private static boolean isInstalled(String command) throws InterruptedException {
        try {
            return new ProcessBuilder(command, "--version").start().waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
