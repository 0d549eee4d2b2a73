package dev.roundtrip.device;

import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.responder.CommandHandler;
import dev.roundtrip.device.responder.Responder;
import dev.roundtrip.device.responder.Responder.Environment;
import dev.roundtrip.device.transport.CrtNetwork;
import dev.roundtrip.device.transport.DeviceTransport;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.device.transport.TrustProbe;
import dev.roundtrip.protocol.Target;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** One device: answers commands until closed, and comes back by itself after a lost connection. Thread-safe. */
public final class RoundtripDevice implements AutoCloseable {
    private static final Duration PROBE = Duration.ofSeconds(5);

    private final Target name;
    private final Login login;
    private final DeviceTransport transport;
    private final Link link;
    private final Responder responder;
    private final Runnable afterwards;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RoundtripDevice(
            CrtNetwork network,
            DeviceSettings settings,
            CommandHandler handler,
            DeviceListeners listeners,
            Runnable afterwards)
            throws TransportException {
        this.name = settings.login().clientId();
        this.login = settings.login();
        this.transport = settings.mqtt().open(network, settings.login());
        this.afterwards = afterwards;
        this.link = new Link(name, transport, listeners.connections());
        this.responder = new Responder(
                name, settings.limits(), handler, new Environment(DeviceClock.system(), link, listeners.commands()));
        link.start(responder::deliver);
    }

    /** Begins to connect.
     *
     * @throws NotReadyException when its certificate, key or authority cannot be used
     */
    public static RoundtripDevice connect(DeviceSettings settings, CommandHandler handler, DeviceListeners listeners)
            throws NotReadyException {
        CrtNetwork network = new CrtNetwork();
        try {
            return connect(network, settings, handler, listeners, network::close);
        } catch (NotReadyException unusable) {
            network.close();
            throw unusable;
        }
    }

    /** Begins to connect, on event loops that several devices share.
     *
     * @param network what they share; close it after the last of them
     * @throws NotReadyException when its certificate, key or authority cannot be used
     */
    public static RoundtripDevice connect(
            CrtNetwork network, DeviceSettings settings, CommandHandler handler, DeviceListeners listeners)
            throws NotReadyException {
        return connect(network, settings, handler, listeners, () -> {});
    }

    private static RoundtripDevice connect(
            CrtNetwork network,
            DeviceSettings settings,
            CommandHandler handler,
            DeviceListeners listeners,
            Runnable afterwards)
            throws NotReadyException {
        try {
            return new RoundtripDevice(network, settings, handler, listeners, afterwards);
        } catch (TransportException unusable) {
            throw new NotReadyException(String.valueOf(unusable.getMessage()));
        }
    }

    /** Who it is. */
    public Target name() {
        return name;
    }

    /** Blocks until commands reach the device: connected, and its subscription granted.
     *
     * @throws NotReadyException when the first connection fails, which is told at once, or the time is up
     * @throws InterruptedException when the thread is interrupted
     */
    public void awaitReady(Duration atMost) throws NotReadyException, InterruptedException {
        link.awaitReady(atMost, () -> TrustProbe.complaint(login, PROBE));
    }

    /** Takes no more commands, ends those at work, disconnects in order, and frees everything. Takes a few seconds at
     * most; a second call does nothing.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            link.end();
            responder.close();
            transport.close();
            afterwards.run();
        }
    }
}
