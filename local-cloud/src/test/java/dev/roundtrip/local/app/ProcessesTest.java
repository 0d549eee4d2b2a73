package dev.roundtrip.local.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Target;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
    @TempDir
    private Path temporary;

    @Test
    void processes_that_start_at_once_agree_and_keep_everything_private() throws Exception {
        Path path = temporary.resolve("state");

        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(new ProcessBuilder(
                            "sh",
                            "-c",
                            "umask 000; exec \"$@\"",
                            "sh",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Starting.class.getName(),
                            path.toString())
                    .redirectErrorStream(true)
                    .start());
        }
        Set<String> seen = new LinkedHashSet<>();
        for (Process process : processes) {
            seen.add(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertThat(process.waitFor()).as(seen.toString()).isZero();
        }

        assertThat(seen).hasSize(1);
        try (Stream<Path> entries = Files.walk(path)) {
            assertThat(entries)
                    .allSatisfy(entry -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(entry)))
                            .endsWith("------"));
        }
    }

    /** Another process that uses the directory. */
    static final class Starting {
        private Starting() {}

        public static void main(String[] arguments) throws StateException {
            StateDirectory state = StateDirectory.open(Path.of(arguments[0]));
            Thing thing = state.provision(new Target("dev1"), new ClientPrefix("gw"));
            System.out.println(state.credentials().accessKeyId() + " "
                    + CertificateId.of(state.serverIdentity().certificate()) + " " + thing.certificateId());
        }
    }
}
