package dev.roundtrip.simulator;

import dev.roundtrip.device.ConnectionEvent;
import dev.roundtrip.device.DeviceFeatures;
import dev.roundtrip.device.DeviceListeners;
import dev.roundtrip.device.DeviceSettings;
import dev.roundtrip.device.NotReadyException;
import dev.roundtrip.device.RoundtripDevice;
import dev.roundtrip.device.responder.CommandListener;
import dev.roundtrip.device.transport.CrtNetwork;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.behaviour.Behaviour;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/** One simulated device: a device with a behaviour, which counts what happens. Thread-safe.
 *
 * <pre>{@code
 * try (Device device = Device.connect(settings, Behaviour.honest())) {
 *     device.awaitReady(Duration.ofSeconds(10));
 *     ...
 * }
 * }</pre>
 */
public final class Device implements AutoCloseable {
    private final Target name;
    private final Connector connector;
    private final DeviceCharacter character;
    private final DeviceFeatures features;
    private final EventCounter counter = new EventCounter();
    private final ReentrantLock switching = new ReentrantLock();
    private volatile RoundtripDevice device;
    private boolean isClosed;

    /** Connects the device, at first and after each power cut. */
    @FunctionalInterface
    private interface Connector {
        RoundtripDevice connect(DeviceListeners listeners, DeviceFeatures features) throws NotReadyException;
    }

    private Device(Target name, Connector connector, DeviceCharacter character) throws NotReadyException {
        this.name = name;
        this.connector = connector;
        this.character = character;
        this.features = character.work().features(this::cyclePower);
        this.device = switchedOn();
    }

    private RoundtripDevice switchedOn() throws NotReadyException {
        character.work().start(name);
        return connector.connect(
                listeners(character, counter),
                features.withShadows(character.shadows().of(name)));
    }

    /** What is at work is interrupted, and reports nothing. */
    private void cyclePower() {
        Thread.ofVirtual().name(name + "-power").start(() -> {
            switching.lock();
            try {
                if (!isClosed) {
                    device.cut();
                    device = switchedOn();
                }
            } catch (NotReadyException gone) {
                character.connections().on(new ConnectionEvent.Refused(name, String.valueOf(gone.getMessage())));
            } finally {
                switching.unlock();
            }
        });
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
        return new Device(
                settings.login().clientId(),
                (listeners, features) ->
                        RoundtripDevice.connect(settings, character.behaviour().handler(), listeners, features),
                character);
    }

    static Device connect(CrtNetwork network, DeviceSettings settings, DeviceCharacter character)
            throws NotReadyException {
        return new Device(
                settings.login().clientId(),
                (listeners, features) -> RoundtripDevice.connect(
                        network, settings, character.behaviour().handler(), listeners, features),
                character);
    }

    private static DeviceListeners listeners(DeviceCharacter character, EventCounter counter) {
        return new DeviceListeners(counter.and(character.commands()), character.connections(), character.troubles());
    }

    /** Who it is. */
    public Target name() {
        return name;
    }

    /** Blocks until commands reach the device: connected, and its subscription granted. A power cut in between is
     * waited for too.
     *
     * @throws NotReadyException when the first connection fails, which is told at once, or the time is up
     * @throws InterruptedException when the thread is interrupted
     */
    public void awaitReady(Duration atMost) throws NotReadyException, InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        RoundtripDevice waited = device;
        while (true) {
            try {
                waited.awaitReady(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
                return;
            } catch (NotReadyException notReady) {
                RoundtripDevice now = switchedMeanwhile();
                if (now == waited) {
                    throw notReady;
                }
                waited = now;
            }
        }
    }

    private RoundtripDevice switchedMeanwhile() {
        switching.lock();
        try {
            return device;
        } finally {
            switching.unlock();
        }
    }

    /** What happened so far. */
    public DeviceCounters counters() {
        return counter.snapshot();
    }

    /** Takes no more commands, ends those at work, disconnects in order, and frees everything. Takes a few seconds at
     * most; a second call does nothing.
     */
    @Override
    public void close() {
        switching.lock();
        try {
            isClosed = true;
            device.close();
        } finally {
            switching.unlock();
        }
    }
}
