package dev.roundtrip.local.app;

import dev.roundtrip.auth.sigv4.AccessKeys;
import dev.roundtrip.auth.sigv4.SigV4Settings;
import dev.roundtrip.auth.sigv4.SigV4Verifier;
import dev.roundtrip.auth.sigv4.SigningService;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.local.apigateway.ApiFront;
import dev.roundtrip.local.apigateway.ApiSettings;
import dev.roundtrip.local.faults.Faults;
import dev.roundtrip.local.http.GatewayProtocol;
import dev.roundtrip.local.http.RefusedRequests;
import dev.roundtrip.local.iot.data.DataPlane;
import dev.roundtrip.local.iot.events.ClientLines;
import dev.roundtrip.local.iot.events.LifecycleEvents;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.keys.TlsIdentity;
import dev.roundtrip.local.log.BoundedLog;
import dev.roundtrip.local.log.Event;
import dev.roundtrip.local.log.LogLine;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.mqtt.Broker;
import dev.roundtrip.mqtt.BrokerSettings;
import dev.roundtrip.mqtt.FaultInjector;
import dev.roundtrip.mqtt.TlsMaterial;
import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A cloud on one machine: API front, function, and unless there is another, a broker. Thread-safe. */
public final class LocalCloud implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    /** The thing that answers for others where that fault is asked for. */
    private static final Target IMPOSTOR = new Target("impostor");

    private final LocalCloudSettings settings;
    private final StateDirectory state;

    /** What stops what was started, the last first. */
    private final Deque<Runnable> stops = new ArrayDeque<>();

    private final BoundedLog refusals;
    private final StatePrincipals principals;
    private final @Nullable Faults faults;
    private final @Nullable Broker broker;
    private final RunningFunction function;
    private final ApiFront api;

    /** Starts everything, in the order in which one needs the other.
     *
     * @param region what the cloud plays, as in {@code AWS_REGION}
     * @throws StartException when the state directory cannot be used, a port is taken, or a setting is wrong; nothing is left running
     */
    public static LocalCloud start(LocalCloudSettings settings, String region) throws StartException {
        try {
            StateDirectory state = StateDirectory.open(
                    settings.state(), StateOptions.defaults().withRegion(region));
            return new LocalCloud(settings, state);
        } catch (StateException unusable) {
            throw new StartException(String.valueOf(unusable.getMessage()), unusable);
        }
    }

    private LocalCloud(LocalCloudSettings settings, StateDirectory state) throws StartException, StateException {
        this.settings = settings;
        this.state = state;
        this.refusals = new BoundedLog(settings.log());
        stops.push(refusals::close);
        try {
            this.faults = faults(settings);
            if (faults != null) {
                stops.push(faults::close);
            }
            // Before anything of theirs is read.
            state.renewPolicies(settings.gatewayRole()).forEach(complaints(settings, Event.STATE));
            this.principals = StatePrincipals.open(state, settings.gatewayRole(), complaints(settings, Event.STATE));
            stops.push(principals::close);
            Foundation foundation = new Foundation(settings, state, principals, refusals);
            Broker own = broker(foundation, faults == null ? FaultInjector.NONE : faults);
            this.broker = own;
            if (own != null) {
                stops.push(own::close);
            }
            this.function = function(settings, state, own);
            stops.push(function::stop);
            this.api = api(foundation, function);
            stops.push(api::close);
            beginFaults();
        } catch (Throwable failed) {
            close();
            throw failed;
        }
    }

    private static @Nullable Faults faults(LocalCloudSettings settings) {
        return settings.broker() instanceof LocalCloudSettings.BrokerChoice.Own own
                        && !own.faults().isNone()
                ? new Faults(own.faults())
                : null;
    }

    private void beginFaults() throws StartException {
        if (faults == null || broker == null) {
            return;
        }
        try {
            Login impostor = faults.spec().forges() ? SimulatedDevices.login(this, provision(IMPOSTOR)) : null;
            faults.begin(broker, impostor, complaints(settings, Event.FAULTS));
        } catch (TransportException failed) {
            throw new StartException(String.valueOf(failed.getMessage()), failed);
        }
    }

    private interface Listening<T> {
        T open() throws IOException;
    }

    private static <T> T listening(Listening<T> listener) throws StartException {
        try {
            return listener.open();
        } catch (IOException failed) {
            throw new StartException(
                    failed.getMessage() + "; does a local cloud run already? Stop what listens there,"
                            + " or choose other ports with --api-port, --mqtt-port and --wss-port (0 takes a free one)",
                    failed);
        }
    }

    /** What broker and API front are built on.
     *
     * @param refusals takes the lines of refusals
     */
    private record Foundation(
            LocalCloudSettings settings, StateDirectory state, StatePrincipals principals, BoundedLog refusals) {}

    private static @Nullable Broker broker(Foundation foundation, FaultInjector injector)
            throws StartException, StateException {
        LocalCloudSettings settings = foundation.settings();
        StateDirectory state = foundation.state();
        StatePrincipals principals = foundation.principals();
        if (!(settings.broker() instanceof LocalCloudSettings.BrokerChoice.Own own)) {
            return null;
        }
        TlsIdentity identity = state.serverIdentity();
        TlsMaterial tls = new TlsMaterial(
                identity.key(), identity.chain(), List.of(state.authority().certificate()));
        IotAuthentication.Verifiers verifiers = new IotAuthentication.Verifiers(
                verifier(state, principals, SigningService.IOT_DEVICE_GATEWAY),
                verifier(state, principals, SigningService.IOT_DATA, SigningService.IOT_DEVICE_GATEWAY));
        IotAuthentication authentication = new IotAuthentication(principals, state.account(), verifiers);
        BrokerSettings carrier = BrokerSettings.of(tls, authentication)
                .withDeviceAddress(loopback(settings.ports().mqtt()))
                .withGatewayAddress(loopback(settings.ports().wss()))
                .withLimits(own.limits())
                .withUnheard(own.unheard())
                .withUpgrade(new GatewayProtocol(
                        authentication,
                        new DataPlane(authentication, own.limits()),
                        new RefusedRequests(foundation.refusals())))
                .withLifecycle(LifecycleEvents::new)
                .withLog(new ClientLines(settings.log(), foundation.refusals()));
        Broker broker = new Broker(own.eventLoops() == 0 ? carrier : carrier.withThreads(own.eventLoops()), injector);
        return listening(() -> {
            broker.start();
            return broker;
        });
    }

    private static RunningFunction function(LocalCloudSettings settings, StateDirectory state, @Nullable Broker broker)
            throws StartException {
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_REGION", state.account().region());
        environment.put("CLIENT_ID_PREFIX", settings.prefix().value());
        switch (settings.broker()) {
            case LocalCloudSettings.BrokerChoice.Own own -> {
                environment.put("WSS_ENDPOINT", HOST + ":" + (broker == null ? 0 : broker.gatewayPort()));
                if (own.limits().rates().publishesPerConnection() == 0) {
                    // The quota that the function keeps to is not there.
                    environment.put("MAX_REQUESTS_PER_SECOND", "unlimited");
                }
                environment.put(
                        "BROKER_CA_FILE", state.authorityFile().toAbsolutePath().toString());
            }
            case LocalCloudSettings.BrokerChoice.Other other -> {
                environment.put("WSS_ENDPOINT", other.endpoint());
                environment.put("MAX_REQUESTS_PER_SECOND", "unlimited");
                if (other.authority() != null) {
                    environment.put(
                            "BROKER_CA_FILE", other.authority().toAbsolutePath().toString());
                }
            }
        }
        environment.putAll(settings.function());
        return switch (settings.runtime()) {
            case LocalCloudSettings.RuntimeChoice.InProcess here ->
                RunningFunction.inProcess(environment, state.credentials(), settings.log());
            case LocalCloudSettings.RuntimeChoice.OwnProcess own ->
                RunningFunction.inOwnProcess(environment, state.credentials(), own.scale(), settings.log());
        };
    }

    private static ApiFront api(Foundation foundation, RunningFunction function) throws StartException {
        LocalCloudSettings settings = foundation.settings();
        StateDirectory state = foundation.state();
        StatePrincipals principals = foundation.principals();
        SigV4Verifier calls = verifier(state, principals, SigningService.EXECUTE_API);
        ApiSettings front = ApiSettings.loopback(
                        settings.ports().api(), state.account().region(), Account.ID)
                .withLog(settings.log(), foundation.refusals());
        return listening(() -> ApiFront.start(front, calls, new PolicyAuthorizer(principals), function.handler()));
    }

    private static SigV4Verifier verifier(StateDirectory state, AccessKeys keys, SigningService... services) {
        return new SigV4Verifier(SigV4Settings.of(state.account().region(), services), keys, InstantSource.system());
    }

    /** What takes sentences for the log. */
    private static Consumer<String> complaints(LocalCloudSettings settings, Event event) {
        return message -> settings.log().accept(LogLine.warning(event, message));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Where calls go: the URL of {@code /Prod/invoke}. */
    public URI apiEndpoint() {
        return api.endpoint();
    }

    /** {@code HOST:PORT} where devices connect. */
    public String iotEndpoint() {
        return broker == null ? other().devices() : HOST + ":" + broker.devicePort();
    }

    private LocalCloudSettings.BrokerChoice.Other other() {
        if (settings.broker() instanceof LocalCloudSettings.BrokerChoice.Other other) {
            return other;
        }
        throw new IllegalStateException("the broker is our own");
    }

    /** The file with the authority that devices must trust; null when it is the system's. */
    public @Nullable Path iotAuthority() {
        return broker == null ? other().authority() : state.authorityFile();
    }

    /** Things, certificates and credentials. */
    public StateDirectory state() {
        return state;
    }

    /** Has what was edited in the state directory count now, rather than within five seconds. */
    public void readStateAgain() {
        principals.readAllOrTell();
    }

    /** The broker; null when it is another. */
    public @Nullable Broker broker() {
        return broker;
    }

    /** What goes wrong with the broker; null when nothing is meant to. */
    public @Nullable Faults faults() {
        return faults;
    }

    /** How many calls wait for their end at this moment; 0 where the function runs in processes of its own, which do not tell. */
    public int waitingCalls() {
        return function.waiting().getAsInt();
    }

    /** The files of a thing, which is made when it is missing.
     *
     * @throws StartException when they cannot be read or written
     */
    public Thing provision(Target name) throws StartException {
        try {
            return state.provision(name, settings.prefix());
        } catch (StateException failed) {
            throw new StartException(String.valueOf(failed.getMessage()), failed);
        }
    }

    /** Writes the file that a shell sources to make calls.
     *
     * @return the file
     * @throws StartException when it cannot be written
     */
    public Path writeEnvironment() throws StartException {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_ACCESS_KEY_ID", state.credentials().accessKeyId());
        variables.put("AWS_SECRET_ACCESS_KEY", state.credentials().secretAccessKey());
        variables.put("AWS_REGION", state.account().region());
        variables.put("API_ENDPOINT", apiEndpoint().toString());
        variables.put("IOT_ENDPOINT", iotEndpoint());
        Path authority = iotAuthority();
        if (authority != null) {
            variables.put("IOT_CA", authority.toAbsolutePath().toString());
        }
        try {
            return state.writeEnvironment(variables);
        } catch (StateException failed) {
            throw new StartException(String.valueOf(failed.getMessage()), failed);
        }
    }

    /** Takes no new calls; those that wait may still end. Returns at once. */
    public void drain() {
        api.drain();
    }

    /** Stops in order, within a second: no new calls, then those that wait, which end as timeouts unless an answer comes, then the connections. */
    @Override
    public void close() {
        Stops.run(stops, settings.log());
    }
}
