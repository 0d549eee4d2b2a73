package dev.roundtrip.device.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Finds out whether a broker's certificate is trusted, for a connection that is silent.
 *
 * <p>The TLS library of the AWS Common Runtime keeps a failed handshake to itself for 10 to 30 s, so that nobody learns
 * from its timing (s2n-tls, "Blinding"). The JDK's tells at once.
 */
public final class TrustProbe {
    private TrustProbe() {}

    /** Begins a TLS session with a broker, and ends it without a word of MQTT.
     *
     * @param atMost for connecting, and again for each answer
     * @return why the certificate is not trusted, with what to do; empty when it is, or when nobody knows
     */
    public static Optional<String> complaint(Login login, Duration atMost) {
        Endpoint endpoint = login.endpoint();
        int millis = Math.toIntExact(atMost.toMillis());
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), millis);
            plain.setSoTimeout(millis);
            try (SSLSocket socket = (SSLSocket) trusting(login.tls())
                    .getSocketFactory()
                    .createSocket(plain, endpoint.host(), endpoint.port(), true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
            }
        } catch (IOException failed) {
            return isAboutTheCertificate(failed) ? Optional.of(advice(login)) : Optional.empty();
        } catch (GeneralSecurityException unknown) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean isAboutTheCertificate(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }

    private static String advice(Login login) {
        return "the certificate of " + login.endpoint() + " is not trusted: the CA file "
                + login.tls().authority()
                + " is not the authority that signed it, or " + login.endpoint().host()
                + " is not a name in it; give the right CA file";
    }

    private static SSLContext trusting(TlsFiles files) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(files.authority())) {
            for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("authority-" + store.size(), authority);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
