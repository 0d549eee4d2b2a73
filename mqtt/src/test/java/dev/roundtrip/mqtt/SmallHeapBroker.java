package dev.roundtrip.mqtt;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A broker with the settings of the local cloud in a process of its own, whose heap has 200 MB, and which ends when
 * that is too little.
 */
final class SmallHeapBroker implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final int port;

    SmallHeapBroker(TlsMaterial tls) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx200m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeapBroker.class.getName(),
                        encode(tls.key().getEncoded()),
                        encode(tls.chain().getFirst()),
                        encode(tls.deviceAuthorities().getFirst()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        port = Integer.parseInt(line());
    }

    private String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException(
                    "the broker has ended: " + process.onExit().join().exitValue());
        }
        return line;
    }

    int devicePort() {
        return port;
    }

    /** What the broker holds now, in bytes. */
    long heldBytes() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            return Long.parseLong(line());
        } catch (IOException ended) {
            throw new UncheckedIOException(ended);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Tells its port, then what it holds for each line that it reads, until there are no more. */
    public static void main(String[] arguments) throws Exception {
        PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(decode(arguments[0])));
        TlsMaterial tls = new TlsMaterial(key, List.of(certificate(arguments[1])), List.of(certificate(arguments[2])));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Broker broker = new Broker(BrokerSettings.of(tls, new Everybody()))) {
            broker.start();
            System.out.println(broker.devicePort());
            while (in.readLine() != null) {
                System.out.println(broker.counters().heldBytes());
            }
        }
    }

    private static String encode(X509Certificate certificate) {
        try {
            return encode(certificate.getEncoded());
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] decode(String text) {
        return Base64.getDecoder().decode(text);
    }

    private static X509Certificate certificate(String text) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(decode(text)));
    }

    private static final class Everybody implements Authentication, Principal {
        @Override
        public CompletionStage<Optional<Principal>> byCertificate(X509Certificate leaf) {
            return CompletableFuture.completedFuture(Optional.of(this));
        }

        @Override
        public String id() {
            return "everybody";
        }

        @Override
        public @Nullable String thingName() {
            return null;
        }

        @Override
        public Permissions permissions(String clientId, InetAddress source) {
            return (action, resource) -> true;
        }
    }
}
