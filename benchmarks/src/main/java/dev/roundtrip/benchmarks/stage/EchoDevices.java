package dev.roundtrip.benchmarks.stage;

import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.app.StartException;
import dev.roundtrip.local.iot.registry.ThingFiles;
import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.crt.CRT;
import software.amazon.awssdk.crt.io.ClientBootstrap;
import software.amazon.awssdk.crt.io.EventLoopGroup;
import software.amazon.awssdk.crt.io.HostResolver;
import software.amazon.awssdk.crt.io.SocketOptions;
import software.amazon.awssdk.crt.io.TlsContext;
import software.amazon.awssdk.crt.io.TlsContextOptions;

/** Devices that answer with what they were asked; the method {@code wait-MS} makes them wait so many milliseconds
 * first. They share one event loop of the
 * Common Runtime. Calls and bare round trips ask the same devices. */
final class EchoDevices implements AutoCloseable {
    /** How many connect at once. */
    private static final int WAVE = 50;

    private static final long CONNECT_SECONDS = 20;

    private final LocalCloud cloud;
    private final EventLoopGroup loop;
    private final HostResolver resolver;
    private final ClientBootstrap bootstrap;
    private final ScheduledThreadPoolExecutor later = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("device-timer").factory());
    private final List<EchoDevice> devices = new ArrayList<>();

    EchoDevices(LocalCloud cloud) {
        this.cloud = cloud;
        CRT.acquireShutdownRef();
        this.loop = new EventLoopGroup(1);
        this.resolver = new HostResolver(loop);
        this.bootstrap = new ClientBootstrap(loop, resolver);
    }

    void connect(List<String> names) throws IOException, InterruptedException {
        try (SocketOptions withoutNagle = new SocketOptions()) {
            for (int from = 0; from < names.size(); from += WAVE) {
                wave(names.subList(from, Math.min(from + WAVE, names.size())), withoutNagle);
            }
        } catch (StartException | ExecutionException | TimeoutException failed) {
            throw new IOException("a device does not connect: " + failed.getMessage(), failed);
        }
    }

    private void wave(List<String> names, SocketOptions sockets)
            throws StartException, InterruptedException, ExecutionException, TimeoutException {
        int first = devices.size();
        for (String name : names) {
            ThingFiles files = cloud.provision(new Target(name)).files();
            try (TlsContextOptions options = TlsContextOptions.createWithMtlsFromPath(
                    files.certificate().toString(), files.privateKey().toString())) {
                options.withCertificateAuthorityFromPath(
                        null, cloud.state().authorityFile().toString());
                try (TlsContext tls = new TlsContext(options)) {
                    EchoDevice.Network network = new EchoDevice.Network(bootstrap, sockets, tls);
                    devices.add(new EchoDevice(name, cloud.iotEndpoint(), network, later));
                }
            }
        }
        for (EchoDevice device : devices.subList(first, devices.size())) {
            device.ready().get(CONNECT_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        devices.forEach(EchoDevice::close);
        later.shutdownNow();
        bootstrap.close();
        resolver.close();
        loop.close();
        CRT.releaseShutdownRef();
    }
}
