package dev.roundtrip.device.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.crt.CRT;
import software.amazon.awssdk.crt.CrtRuntimeException;
import software.amazon.awssdk.crt.io.ClientBootstrap;
import software.amazon.awssdk.crt.io.EventLoopGroup;
import software.amazon.awssdk.crt.io.HostResolver;
import software.amazon.awssdk.crt.io.TlsContext;
import software.amazon.awssdk.crt.io.TlsContextOptions;

/** What the connections of a process share: event loops, name resolution, and one TLS context for each set of files.
 * Close it after
 * the last connection. Thread-safe. */
public final class CrtNetwork implements AutoCloseable {
    /** On this port AWS IoT Core tells MQTT from HTTP by ALPN; source: AWS IoT Core, "Protocols, port mappings, and
     * authentication".
     */
    private static final int SHARED_PORT = 443;

    private static final String MQTT_ON_SHARED_PORT = "x-amzn-mqtt-ca";

    private final EventLoopGroup eventLoops =
            new EventLoopGroup(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    private final HostResolver resolver = new HostResolver(eventLoops);
    private final ClientBootstrap bootstrap = new ClientBootstrap(eventLoops, resolver);
    private final Map<ContextKey, TlsContext> contexts = new HashMap<>();

    /** Whether every port is one that tells MQTT from HTTP by ALPN. */
    private final boolean isEveryPortShared;

    /** @param written when certificate and key were written: a device that renews them gets another context */
    private record ContextKey(TlsFiles files, boolean isSharedPort, List<FileTime> written) {}

    /** Starts the event loops. */
    public CrtNetwork() {
        this(false);
    }

    private CrtNetwork(boolean isEveryPortShared) {
        this.isEveryPortShared = isEveryPortShared;
        // The runtime's own shutdown hook must wait for us, or a DISCONNECT would find it gone.
        CRT.acquireShutdownRef();
    }

    /** A network that asks for MQTT by ALPN on every port, as others do on port 443. A broker that knows no ALPN
     * ignores it.
     */
    public static CrtNetwork askingForMqtt() {
        return new CrtNetwork(true);
    }

    ClientBootstrap bootstrap() {
        return bootstrap;
    }

    /** The context for these files; they are read once, until they are written again.
     *
     * @throws TransportException when a file is missing, or is not what it should be
     */
    synchronized TlsContext tls(Login login) throws TransportException {
        ContextKey key = new ContextKey(
                login.tls(),
                isEveryPortShared || login.endpoint().port() == SHARED_PORT,
                List.of(written(login.tls().certificate()), written(login.tls().key())));
        TlsContext known = contexts.get(key);
        if (known != null) {
            return known;
        }
        TlsContext made = make(key);
        contexts.put(key, made);
        return made;
    }

    private static FileTime written(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException missing) {
            // Told when it is to be read.
            return FileTime.fromMillis(0);
        }
    }

    private static TlsContext make(ContextKey key) throws TransportException {
        TlsFiles files = key.files();
        String authority = readable(files.authority(), "the authority's certificate");
        String certificate = readable(files.certificate(), "the device's certificate");
        String privateKey = readable(files.key(), "the device's private key");
        try (TlsContextOptions options = TlsContextOptions.createWithMtlsFromPath(certificate, privateKey)) {
            options.withCertificateAuthorityFromPath(null, authority);
            if (key.isSharedPort()) {
                options.withAlpnList(MQTT_ON_SHARED_PORT);
            }
            return new TlsContext(options);
        } catch (CrtRuntimeException unusable) {
            throw TransportException.refused("cannot use " + certificate + ", " + privateKey + " and " + authority
                    + " for TLS: give PEM files, and the key that belongs to the certificate (" + unusable.errorName
                    + ")");
        }
    }

    private static String readable(Path file, String what) throws TransportException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw TransportException.refused("cannot read " + file + ": it should be the PEM file of " + what);
        }
        return file.toString();
    }

    @Override
    public void close() {
        close(Timing.STOP);
    }

    /** The same, where a connection did not come about: the runtime may be at it for half a minute still. */
    public void abandon() {
        close(Timing.ABANDON);
    }

    private synchronized void close(Duration patience) {
        contexts.values().forEach(TlsContext::close);
        contexts.clear();
        bootstrap.close();
        resolver.close();
        eventLoops.close();
        awaitEnd(bootstrap.getShutdownCompleteFuture(), patience);
        awaitEnd(eventLoops.getShutdownCompleteFuture(), patience);
        CRT.releaseShutdownRef();
    }

    private static void awaitEnd(CompletableFuture<Void> end, Duration patience) {
        try {
            end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException notInTime) {
            // The runtime frees it later, by itself.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
