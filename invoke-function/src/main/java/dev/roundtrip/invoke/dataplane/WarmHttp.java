package dev.roundtrip.invoke.dataplane;

import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.mqtt.BrokerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** An HTTPS client whose connections are kept alive while they are in use, and thrown away after idleness. Thread-safe.
 *
 * <p>A process that was frozen cannot know which of its connections are dead, and a command that was written to a dead
 * one may or may not have arrived. So none is taken up again that could have died unseen.
 */
final class WarmHttp {
    /** Servers keep an idle connection for longer than this; a freeze that is shorter does no harm. */
    static final Duration IDLE_LIMIT = Duration.ofSeconds(3);

    private final BrokerAddress broker;
    private final Clocks clocks;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable SSLContext tls;
    private @Nullable Pool pool;

    WarmHttp(BrokerAddress broker, Clocks clocks) {
        this.broker = broker;
        this.clocks = clocks;
    }

    /** Connections that are as fresh as their last sign of life; guarded by the lock. */
    private static final class Pool {
        private final HttpClient client;
        private Clocks.Moment alive;

        Pool(HttpClient client, Clocks.Moment alive) {
            this.client = client;
            this.alive = alive;
        }
    }

    /** Sends a request and waits for its answer to the last byte. Whatever ends the wait early closes the request's
     * connection.
     *
     * @param limit for everything together: connecting, sending, and the whole of the answer
     * @throws IOException when there is no answer within the limit, or it is longer than {@link ShortBody#MAX_BYTES};
     *     also when the certificate authority cannot be read
     * @throws InterruptedException when the thread was interrupted
     */
    HttpResponse<byte[]> exchange(HttpRequest request, Duration limit) throws IOException, InterruptedException {
        Pool fresh = pool();
        CompletableFuture<HttpResponse<byte[]>> answer = fresh.client.sendAsync(request, ShortBody.handler());
        try {
            HttpResponse<byte[]> response = answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            heard(fresh);
            return response;
        } catch (TimeoutException late) {
            throw new HttpTimeoutException("there was no answer in time");
        } catch (ExecutionException failed) {
            throw new IOException("the request failed", failed.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private Pool pool() throws IOException {
        lock.lock();
        try {
            Pool present = pool;
            if (present != null && clocks.mayHavePassed(IDLE_LIMIT, present.alive)) {
                // What goes on there may end; nothing new begins, and what is idle is closed.
                present.client.shutdown();
                present = null;
            }
            if (present == null) {
                present = new Pool(open(), clocks.now());
                pool = present;
            }
            return present;
        } finally {
            lock.unlock();
        }
    }

    /** An answer came. After a silence as long as a freeze, it may have waited in this machine since before, and proves
     * nothing.
     */
    private void heard(Pool alive) {
        lock.lock();
        try {
            if (!clocks.mayHavePassed(IDLE_LIMIT, alive.alive)) {
                alive.alive = clocks.now();
            }
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
        try {
            return HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .sslContext(context)
                    .build();
        } catch (UncheckedIOException noDescriptors) {
            throw noDescriptors.getCause();
        }
    }

    void disconnect() {
        lock.lock();
        try {
            if (pool != null) {
                pool.client.shutdownNow();
                pool = null;
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
