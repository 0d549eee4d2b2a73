package dev.roundtrip.invoke.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is uploaded to AWS Lambda: nothing too much, and it starts. Why each part is there: docs/cold-start.md. */
class DeploymentPackageIT {
    private static final Path TARGET = Path.of("target");
    private static final Path PACKAGE = TARGET.resolve("invoke-function.zip");
    private static final Path NATIVE_LIBRARIES = TARGET.resolve("crt/native");
    private static final String NATIVE_LIBRARY = "libaws-crt-jni.so";

    /** Machine numbers of the ELF format; source: System V ABI, e_machine. */
    private static final Map<String, Integer> ELF_MACHINES = Map.of("arm64", 183, "x86_64", 62);

    private static List<String> names(Path archive) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            return zip.stream().map(ZipEntry::getName).toList();
        }
    }

    private static void unzip(Path archive, Path directory) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry :
                    zip.stream().filter(entry -> !entry.isDirectory()).toList()) {
                Path file = directory.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                try (InputStream content = zip.getInputStream(entry)) {
                    Files.copy(content, file);
                }
            }
        }
    }

    private static int elfMachine(Path library) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(library), 0, 20).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(header.getInt(0)).isEqualTo(0x464c457f);
        return header.getShort(18);
    }

    @Test
    void package_has_what_the_function_needs_and_nothing_else() throws IOException {
        assertThat(names(PACKAGE).stream().map(name -> name.replaceFirst("-\\d+(\\.\\d+)*(-SNAPSHOT)?(?=[-.])", "")))
                .containsExactlyInAnyOrder(
                        "lib/",
                        "lib/invoke-function.jar",
                        "lib/protocol.jar",
                        "lib/aws-crt-classes.jar",
                        "lib/libaws-crt-jni.so",
                        "lib/aws-iot-device-sdk.jar",
                        "lib/aws-lambda-java-core.jar",
                        "lib/aws-lambda-java-events.jar",
                        "lib/crac.jar",
                        // Signs direct messages: the SDK's signer and what it cannot do without, about 0.8 MB.
                        "lib/http-auth-aws.jar",
                        "lib/http-auth-spi.jar",
                        "lib/http-client-spi.jar",
                        "lib/identity-spi.jar",
                        "lib/checksums.jar",
                        "lib/checksums-spi.jar",
                        "lib/annotations.jar",
                        "lib/metrics-spi.jar",
                        "lib/reactive-streams.jar",
                        "lib/utils.jar",
                        "lib/slf4j-api.jar",
                        // Without it the SDK's log begins with a complaint.
                        "lib/slf4j-nop.jar",
                        "lib/jackson-annotations.jar",
                        "lib/jackson-core.jar",
                        "lib/jackson-databind.jar");
    }

    @Test
    void no_jar_hides_a_native_library(@TempDir Path directory) throws IOException {
        unzip(PACKAGE, directory);
        List<Path> jars;
        try (Stream<Path> files = Files.list(directory.resolve("lib"))) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
        }

        assertThat(jars).isNotEmpty();
        for (Path jar : jars) {
            assertThat(names(jar))
                    .as(jar.toString())
                    .isNotEmpty()
                    .noneMatch(name -> name.matches(".*[.](so|dylib|dll)"));
        }
    }

    @Test
    void package_is_small_and_reproducible() throws IOException {
        assertThat(Files.size(PACKAGE)).isLessThan(9_000_000);
        try (ZipFile zip = new ZipFile(PACKAGE.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getTimeLocal).distinct()).hasSize(1);
        }
    }

    @Test
    void native_library_is_for_the_architecture_of_the_template(@TempDir Path directory) throws IOException {
        unzip(PACKAGE, directory);
        String template = Files.readString(TARGET.resolve("template.yaml"));

        Path library = directory.resolve("lib").resolve(NATIVE_LIBRARY);

        assertThat(ELF_MACHINES.entrySet().stream()
                        .filter(machine -> template.contains("- " + machine.getKey() + "\n"))
                        .map(Map.Entry::getValue))
                .containsExactly(elfMachine(library));
    }

    @Test
    void every_architecture_has_its_native_library() throws IOException {
        for (Map.Entry<String, Integer> architecture : ELF_MACHINES.entrySet()) {
            assertThat(elfMachine(
                            NATIVE_LIBRARIES.resolve(architecture.getKey()).resolve(NATIVE_LIBRARY)))
                    .isEqualTo(architecture.getValue());
        }
    }

    @Test
    void template_of_the_build_deploys_the_package() throws IOException {
        String source = Files.readString(Path.of("../template.yaml"));

        String built = Files.readString(TARGET.resolve("template.yaml"));

        assertThat(source).containsOnlyOnce("CodeUri:").contains("CodeUri: .\n");
        assertThat(built).containsOnlyOnce("CodeUri:").contains("CodeUri: invoke-function.zip\n");
        assertThat(TARGET.resolve("invoke-function.zip")).isRegularFile();
    }

    @Test
    void function_starts_from_the_package_and_unpacks_nothing(@TempDir Path directory) throws Exception {
        Path ours = NATIVE_LIBRARIES.resolve(architectureOfThisMachine()).resolve(NATIVE_LIBRARY);
        assumeTrue(
                System.getProperty("os.name").equals("Linux") && Files.exists(ours),
                "only Linux on arm64 or x86_64 runs what AWS Lambda runs");
        Path task = directory.resolve("task");
        unzip(PACKAGE, task);
        Path library = task.resolve("lib").resolve(NATIVE_LIBRARY);
        Files.copy(ours, library, StandardCopyOption.REPLACE_EXISTING);
        Path temporary = Files.createDirectory(directory.resolve("tmp"));

        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        task.resolve("lib") + "/*:" + TARGET.resolve("test-classes"),
                        PackagedFunction.class.getName(),
                        handlerOfTheTemplate())
                .redirectErrorStream(true);
        java.environment()
                .putAll(Map.of(
                        "LD_LIBRARY_PATH", task.resolve("lib").toString(),
                        "WSS_ENDPOINT", "127.0.0.1:1",
                        "CLIENT_ID_PREFIX", "packaged",
                        "AWS_REGION", "eu-central-1",
                        "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
                        "AWS_SECRET_ACCESS_KEY", "an example"));
        Path printed = directory.resolve("printed");
        Process process = java.redirectOutput(printed.toFile()).start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        String output = Files.readString(printed);
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).contains("not connected").contains(PackagedFunction.LOADED + library.toRealPath());
        assertThat(temporary).isEmptyDirectory();
    }

    private static String handlerOfTheTemplate() throws IOException {
        return Files.readAllLines(TARGET.resolve("template.yaml")).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("Handler: "))
                .map(line -> line.substring("Handler: ".length()))
                .findFirst()
                .orElseThrow();
    }

    private static String architectureOfThisMachine() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86_64";
    }
}
