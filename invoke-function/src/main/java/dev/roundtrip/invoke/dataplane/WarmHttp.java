package dev.roundtrip.invoke.dataplane;

import dev.roundtrip.invoke.mqtt.BrokerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** An HTTPS client whose connections are kept alive while they are in use, and thrown away after idleness. Thread-safe.
 *
 * <p>A process that was frozen cannot know which of its connections are dead, and a command that was written to a dead one may or may not have
 * arrived. So none is taken up again that could have died unseen.
 */
final class WarmHttp {
    /** Servers keep an idle connection for longer than this; a freeze that is shorter does no harm. */
    static final Duration IDLE_LIMIT = Duration.ofSeconds(3);

    private final BrokerAddress broker;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable SSLContext tls;
    private @Nullable HttpClient client;
    private long lastUsed;

    WarmHttp(BrokerAddress broker) {
        this.broker = broker;
    }

    /** The client for the next request.
     *
     * @throws IOException when the certificate authority cannot be read
     */
    HttpClient client() throws IOException {
        lock.lock();
        try {
            long now = System.nanoTime();
            HttpClient present = client;
            if (present != null && now - lastUsed >= IDLE_LIMIT.toNanos()) {
                // What goes on there may end; nothing new begins.
                present.shutdown();
                present = null;
            }
            if (present == null) {
                present = open();
                client = present;
            }
            lastUsed = now;
            return present;
        } finally {
            lock.unlock();
        }
    }

    private HttpClient open() throws IOException {
        SSLContext context = tls;
        if (context == null) {
            context = context(broker.authority());
            tls = context;
        }
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .sslContext(context)
                .build();
    }

    /** An answer came: its connection was alive a moment ago. */
    void heard() {
        lock.lock();
        try {
            lastUsed = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    void disconnect() {
        lock.lock();
        try {
            if (client != null) {
                client.shutdownNow();
                client = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private static SSLContext context(@Nullable Path authority) throws IOException {
        try {
            if (authority == null) {
                return SSLContext.getDefault();
            }
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            try (InputStream pem = Files.newInputStream(authority)) {
                for (Certificate certificate :
                        CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                    trusted.setCertificateEntry("authority-" + trusted.size(), certificate);
                }
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException unusable) {
            throw new IOException("the certificate authority cannot be used", unusable);
        }
    }
}
