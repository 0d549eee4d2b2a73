package dev.roundtrip.things;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.crt.io.TlsContext;
import software.amazon.awssdk.crt.io.TlsContextOptions;

class ConnectionOptionsTest {
    @Test
    void authorities_of_the_jdk_have_amazons() throws Exception {
        String pem = ConnectionOptions.ofJdk();

        assertThat(CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))))
                .extracting(certificate -> ((X509Certificate) certificate)
                        .getSubjectX500Principal()
                        .getName())
                .anyMatch(name -> name.contains("CN=Amazon Root CA 1"));
    }

    @Test
    void authorities_of_the_jdk_are_read_by_the_runtime_and_the_file_goes() throws Exception {
        Path[] used = new Path[1];

        String done = new ConnectionOptions().trusting(Map.of(), file -> {
            used[0] = file;
            try (TlsContextOptions options = TlsContextOptions.createDefaultClient()) {
                options.withCertificateAuthorityFromPath(null, file.toString());
                new TlsContext(options).close();
            }
            return "done";
        });

        assertThat(done).isEqualTo("done");
        assertThat(used[0]).doesNotExist();
    }

    @Test
    void file_of_the_environment_is_used_and_must_be_there() throws Exception {
        Path file = Files.createTempFile("ca", ".pem");

        assertThat(new ConnectionOptions()
                        .<Path>trusting(Map.of("IOT_CA", file.toString()), authorities -> authorities))
                .isEqualTo(file);
        Files.delete(file);
        assertThatThrownBy(() -> new ConnectionOptions()
                        .<Path>trusting(Map.of("IOT_CA", file.toString()), authorities -> authorities))
                .isInstanceOf(ThingsException.class)
                .hasMessageContaining("--ca or IOT_CA");
    }
}
