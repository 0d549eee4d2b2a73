package dev.roundtrip.things;

import dev.roundtrip.cli.SystemReason;
import dev.roundtrip.device.transport.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for a broker's certificate, and how the broker is found. */
final class ConnectionOptions {
    private static final String VARIABLE = "IOT_CA";

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "PEM file of the certificate authority that signed the broker's certificate. Default: the"
                    + " environment variable " + VARIABLE + ", which .local-cloud/env sets; else the authorities that"
                    + " the JDK trusts, Amazon's among them.")
    private @Nullable Path authority;

    /** Where devices connect, as the control plane says. */
    static Endpoint endpoint(Cloud cloud) throws ThingsException {
        String address = cloud.iot()
                .describeEndpoint(request -> request.endpointType("iot:Data-ATS"))
                .endpointAddress();
        try {
            return Endpoint.of(address);
        } catch (IllegalArgumentException malformed) {
            throw new ThingsException(
                    "the endpoint of iot:Data-ATS cannot be read: " + malformed.getMessage(), malformed);
        }
    }

    /** A file of authorities for a while. */
    @FunctionalInterface
    interface Trusting<T> {
        T with(Path authorities) throws ThingsException, InterruptedException;
    }

    /** Works with the file of authorities to trust; a temporary one where nobody gave a file. */
    <T> T trusting(Map<String, String> variables, Trusting<T> work) throws ThingsException, InterruptedException {
        String variable = variables.getOrDefault(VARIABLE, "");
        Path given = authority;
        if (given == null && !variable.isEmpty()) {
            given = Path.of(variable);
        }
        if (given != null) {
            if (!Files.isReadable(given)) {
                throw new ThingsException("cannot read " + given + ": give the PEM file of the broker's authority with"
                        + " --ca or " + VARIABLE);
            }
            return work.with(given);
        }
        try {
            Path file = Files.createTempFile("authorities", ".pem");
            try {
                Files.writeString(file, ofJdk());
                return work.with(file);
            } catch (ThingsException failed) {
                String signed = "the CA file " + file + " is not the authority that signed it";
                throw new ThingsException(
                        String.valueOf(failed.getMessage())
                                .replace(signed, "no authority that the JDK trusts signed it"),
                        failed);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException failed) {
            throw new ThingsException(
                    "cannot write the authorities of the JDK: " + SystemReason.of(failed) + ": use --ca", failed);
        }
    }

    /** The authorities that this JDK trusts, as PEM. */
    static String ofJdk() throws ThingsException {
        StringBuilder pem = new StringBuilder();
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            Base64.Encoder base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager trust) {
                    for (X509Certificate authority : trust.getAcceptedIssuers()) {
                        pem.append("-----BEGIN CERTIFICATE-----\n")
                                .append(base64.encodeToString(authority.getEncoded()))
                                .append("\n-----END CERTIFICATE-----\n");
                    }
                }
            }
        } catch (GeneralSecurityException unusable) {
            throw new ThingsException("the JDK's store of authorities cannot be read: use --ca", unusable);
        }
        return pem.toString();
    }
}
