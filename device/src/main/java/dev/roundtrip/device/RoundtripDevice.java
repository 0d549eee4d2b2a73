package dev.roundtrip.device;

import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.responder.CommandHandler;
import dev.roundtrip.device.responder.Responder;
import dev.roundtrip.device.responder.Responder.Environment;
import dev.roundtrip.device.shadow.DeviceShadow;
import dev.roundtrip.device.store.FileJournal;
import dev.roundtrip.device.store.Journal;
import dev.roundtrip.device.transport.CrtNetwork;
import dev.roundtrip.device.transport.DeviceFeature;
import dev.roundtrip.device.transport.DeviceTransport;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.device.transport.TrustProbe;
import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One device: answers calls until closed, and comes back by itself after a lost connection. Thread-safe.
 *
 * <pre>{@code
 * try (RoundtripDevice device = RoundtripDevice.named("pump-1")
 *         .at("example-ats.iot.eu-central-1.amazonaws.com")
 *         .identity(Path.of("cert.pem"), Path.of("key.pem"), Path.of("ca.pem"))
 *         .on("start", Start.class, (start, call) -> pump.start(start.rpm()))
 *         .on("read", (request, call) -> Map.of("bar", pump.pressure()))
 *         .connect()) {
 *     device.awaitReady(Duration.ofSeconds(10));
 *     Thread.currentThread().join();
 * }
 * }</pre>
 */
public final class RoundtripDevice implements AutoCloseable {
    private static final Duration PROBE = Duration.ofSeconds(5);

    private final Target name;
    private final Login login;
    private final Journal journal;
    private final DeviceTransport transport;
    private final Link link;
    private final LocalCalls calls;
    private final Responder responder;
    private final Map<String, DeviceShadow> shadows = new LinkedHashMap<>();
    private final List<DeviceFeature> features = new ArrayList<>();
    private final Runnable afterwards;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RoundtripDevice(
            DeviceTransport transport,
            Journal journal,
            DeviceSettings settings,
            CommandHandler handler,
            DeviceListeners listeners,
            DeviceFeatures described,
            Runnable afterwards)
            throws IOException {
        this.name = settings.login().clientId();
        this.login = settings.login();
        this.journal = journal;
        this.transport = transport;
        this.afterwards = afterwards;
        this.link = new Link(name, transport, listeners.connections());
        this.calls = new LocalCalls(name, link, settings.rules().limits().maxDeadline(), journal.isDurable());
        this.responder = Responder.with(
                journal,
                name,
                settings.rules(),
                handler,
                new Environment(
                        DeviceClock.system(), calls, new ClockWatch(listeners.troubles()).and(listeners.commands())));
        described
                .shadows()
                .forEach((shadow, description) -> shadows.put(
                        shadow,
                        new DeviceShadow(
                                name.value(),
                                shadow,
                                description,
                                link::publish,
                                reason -> listeners.troubles().accept(new DeviceTrouble.Shadow(name, reason)))));
        calls.responder(responder::deliver);
        features.addAll(shadows.values());
        described
                .others()
                .forEach(feature -> features.add(
                        feature.make(new DeviceFeatures.Hosting(name, link::publish, listeners.troubles(), calls))));
        features.forEach(link::add);
        link.start(responder::deliver);
    }

    /** Begins to describe a device.
     *
     * @param name its thing's name, which is its MQTT client id too
     * @throws dev.roundtrip.protocol.MalformedNameException when no device can have this name
     */
    public static DeviceBuilder named(String name) {
        return new DeviceBuilder(new Target(name));
    }

    /** Begins to describe a device that logs in so, as one that was provisioned. */
    public static DeviceBuilder of(Login login) {
        return new DeviceBuilder(login.clientId()).login(login);
    }

    /** Begins to connect.
     *
     * @throws NotReadyException when its certificate, key, authority or store cannot be used
     */
    public static RoundtripDevice connect(DeviceSettings settings, CommandHandler handler, DeviceListeners listeners)
            throws NotReadyException {
        return connect(settings, handler, listeners, DeviceFeatures.NONE);
    }

    /** The same, with features such as jobs.
     *
     * @throws NotReadyException when its certificate, key, authority or store cannot be used
     */
    public static RoundtripDevice connect(
            DeviceSettings settings, CommandHandler handler, DeviceListeners listeners, DeviceFeatures features)
            throws NotReadyException {
        CrtNetwork network = new CrtNetwork();
        try {
            return connect(network, settings, handler, listeners, features, network::close);
        } catch (NotReadyException unusable) {
            network.close();
            throw unusable;
        }
    }

    /** Begins to connect, on event loops that several devices share.
     *
     * @param network what they share; close it after the last of them
     * @throws NotReadyException when its certificate, key, authority or store cannot be used
     */
    public static RoundtripDevice connect(
            CrtNetwork network, DeviceSettings settings, CommandHandler handler, DeviceListeners listeners)
            throws NotReadyException {
        return connect(network, settings, handler, listeners, DeviceFeatures.NONE);
    }

    /** The same, with features such as jobs.
     *
     * @param network what devices share; close it after the last of them
     * @throws NotReadyException when its certificate, key, authority or store cannot be used
     */
    public static RoundtripDevice connect(
            CrtNetwork network,
            DeviceSettings settings,
            CommandHandler handler,
            DeviceListeners listeners,
            DeviceFeatures features)
            throws NotReadyException {
        return connect(network, settings, handler, listeners, features, () -> {});
    }

    private static RoundtripDevice connect(
            CrtNetwork network,
            DeviceSettings settings,
            CommandHandler handler,
            DeviceListeners listeners,
            DeviceFeatures features,
            Runnable afterwards)
            throws NotReadyException {
        Target name = settings.login().clientId();
        Journal journal = journal(settings.store(), name, listeners);
        try {
            DeviceTransport transport = settings.mqtt().open(network, settings.login());
            try {
                return new RoundtripDevice(transport, journal, settings, handler, listeners, features, afterwards);
            } catch (IOException | RuntimeException unusable) {
                transport.close();
                throw unusable;
            }
        } catch (TransportException | IOException unusable) {
            close(journal);
            throw new NotReadyException(String.valueOf(unusable.getMessage()));
        } catch (RuntimeException defect) {
            close(journal);
            throw defect;
        }
    }

    private static Journal journal(@Nullable Path store, Target device, DeviceListeners listeners)
            throws NotReadyException {
        if (store == null) {
            return Journal.none();
        }
        try {
            return FileJournal.open(
                    store, device, reason -> listeners.troubles().accept(new DeviceTrouble.Store(device, reason)));
        } catch (IOException unusable) {
            throw new NotReadyException("the store " + store + " cannot be used: " + unusable.getMessage());
        }
    }

    private static void close(Journal journal) {
        try {
            journal.close();
        } catch (IOException unknown) {
            // Each entry was synced when it was written.
        }
    }

    /** Who it is. */
    public Target name() {
        return name;
    }

    /** The classic shadow.
     *
     * @throws IllegalStateException when the device was described without it
     */
    public DeviceShadow shadow() {
        return shadow("");
    }

    /** A named shadow.
     *
     * @throws IllegalStateException when the device was described without it
     */
    public DeviceShadow shadow(String shadowName) {
        DeviceShadow shadow = shadows.get(shadowName);
        if (shadow == null) {
            throw new IllegalStateException("say what the device does with its shadow, with shadow(…)");
        }
        return shadow;
    }

    /** Blocks until commands reach the device: connected, and its subscription granted.
     *
     * @throws NotReadyException when the first connection fails, which is told at once, or the time is up
     * @throws InterruptedException when the thread is interrupted
     */
    public void awaitReady(Duration atMost) throws NotReadyException, InterruptedException {
        link.awaitReady(atMost, () -> TrustProbe.complaint(login, PROBE));
    }

    /** Ends the device as a cut of its power would: from now on nothing that it says reaches anybody. For tests and
     * simulators.
     */
    public void cut() {
        link.cut();
        close();
    }

    /** Takes no more commands, ends those at work, disconnects in order, and frees everything. Takes a few seconds at
     * most; a second call does nothing.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            link.end();
            responder.close();
            features.forEach(DeviceFeature::close);
            transport.close();
            close(journal);
            afterwards.run();
        }
    }
}
