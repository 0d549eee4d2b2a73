package dev.roundtrip.device;

import dev.roundtrip.device.behaviour.Behaviour;
import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.responder.CommandListener;
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

/** One simulated device: answers commands until closed, and comes back by itself after a lost connection. Thread-safe.
 *
 * <pre>{@code
 * try (Device device = Device.connect(settings, Behaviour.honest())) {
 *     device.awaitReady(Duration.ofSeconds(10));
 *     ...
 * }
 * }</pre>
 */
public final class Device implements AutoCloseable {
    private static final Duration PROBE = Duration.ofSeconds(5);

    private final Target name;
    private final Login login;
    private final DeviceTransport transport;
    private final Link link;
    private final Responder responder;
    private final EventCounter counter = new EventCounter();
    private final Runnable afterwards;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Device(DeviceSettings settings, DeviceTransport transport, DeviceCharacter character, Runnable afterwards) {
        this.name = settings.login().clientId();
        this.login = settings.login();
        this.transport = transport;
        this.afterwards = afterwards;
        this.link = new Link(name, transport, character.connections());
        this.responder = new Responder(
                name,
                settings.limits(),
                character.behaviour().handler(),
                new Environment(DeviceClock.system(), link, counter.and(character.commands())));
        link.start(responder::deliver);
    }

    /** Begins to connect; nobody listens to what happens.
     *
     * @throws NotReadyException when its certificate, key or authority cannot be used
     */
    public static Device connect(DeviceSettings settings, Behaviour behaviour) throws NotReadyException {
        return connect(settings, DeviceCharacter.of(behaviour));
    }

    /** Begins to connect; a ledger hears what happens to commands.
     *
     * @throws NotReadyException when its certificate, key or authority cannot be used
     */
    public static Device connect(DeviceSettings settings, Behaviour behaviour, CommandListener ledger)
            throws NotReadyException {
        return connect(settings, DeviceCharacter.of(behaviour).heardBy(ledger));
    }

    /** Begins to connect.
     *
     * @throws NotReadyException when its certificate, key or authority cannot be used
     */
    public static Device connect(DeviceSettings settings, DeviceCharacter character) throws NotReadyException {
        CrtNetwork network = new CrtNetwork();
        try {
            return connect(network, settings, character, network::close);
        } catch (NotReadyException unusable) {
            network.close();
            throw unusable;
        }
    }

    static Device connect(CrtNetwork network, DeviceSettings settings, DeviceCharacter character, Runnable afterwards)
            throws NotReadyException {
        try {
            return new Device(settings, settings.mqtt().open(network, settings.login()), character, afterwards);
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

    /** What happened so far. */
    public DeviceCounters counters() {
        return counter.snapshot();
    }

    /** Takes no more commands, ends those at work, disconnects in order, and frees everything. Takes a few seconds at
     * most; a second call
     * does nothing. */
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
