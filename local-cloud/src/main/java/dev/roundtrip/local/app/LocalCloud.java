package dev.roundtrip.local.app;

import dev.roundtrip.auth.sigv4.SigningService;
import dev.roundtrip.local.api.LocalApi;
import dev.roundtrip.local.apigateway.ApiSettings;
import dev.roundtrip.local.apigateway.RestApi;
import dev.roundtrip.local.faults.Faults;
import dev.roundtrip.local.faults.FaultsException;
import dev.roundtrip.local.http.BodyBudget;
import dev.roundtrip.local.http.HttpListener;
import dev.roundtrip.local.http.HttpPipeline;
import dev.roundtrip.local.http.HttpService;
import dev.roundtrip.local.http.HttpServices;
import dev.roundtrip.local.http.RefusedRequests;
import dev.roundtrip.local.iot.group.ThingGroups;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.iot.registry.ThingFileExchange;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.journal.Journal;
import dev.roundtrip.local.journal.Masks;
import dev.roundtrip.local.journal.Recorder;
import dev.roundtrip.local.log.BoundedLog;
import dev.roundtrip.local.log.Event;
import dev.roundtrip.local.log.LastLines;
import dev.roundtrip.local.log.LogLine;
import dev.roundtrip.local.log.Member;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.story.ClientRecords;
import dev.roundtrip.local.time.FasterRuns;
import dev.roundtrip.local.time.RunningClock;
import dev.roundtrip.mqtt.Broker;
import dev.roundtrip.protocol.Target;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A cloud on one machine: API front, function, and unless there is another, a broker. Thread-safe. */
public final class LocalCloud implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    /** For the API and the Runtime API: parsing and writing only. One loop carries more than two cores of signed calls
     * can.
     */
    private static final int HTTP_LOOPS = 1;

    private final LocalCloudSettings settings;
    private final StateDirectory state;

    /** What stops what was started, the last first. */
    private final Deque<Runnable> stops = new ArrayDeque<>();

    private final Instant started = Instant.now();
    private final LastLines log;
    private final BoundedLog refusals;
    private final @Nullable Journal journal;
    private final ClientRecords clients = new ClientRecords();
    private final AtomicReference<@Nullable Runnable> onStop = new AtomicReference<>();
    private final ThingRegistry things;
    private final StatePrincipals principals;
    private final @Nullable Faults faults;
    private final @Nullable Broker broker;
    private final RunningFunction function;
    private final HttpListener api;

    /** Starts everything, in the order in which one needs the other.
     *
     * @param region what the cloud plays, as in {@code AWS_REGION}
     * @throws StartException when the state directory cannot be used, a port is taken, or a setting is wrong; nothing
     *     is left running
     */
    public static LocalCloud start(LocalCloudSettings settings, String region) throws StartException {
        try {
            NetworkAddress beyond = settings.beyond();
            StateDirectory state = StateDirectory.open(
                    settings.state(),
                    StateOptions.defaults()
                            .withRegion(region)
                            .withServerNames(beyond == null ? List.of() : beyond.serverNames()));
            LastLines log = new LastLines(settings.log(), InstantSource.system());
            return new LocalCloud(settings.withLog(log), state, log);
        } catch (StateException | StoreException unusable) {
            throw new StartException(String.valueOf(unusable.getMessage()), unusable);
        }
    }

    /** @param log what the settings log to */
    private LocalCloud(LocalCloudSettings settings, StateDirectory state, LastLines log)
            throws StartException, StateException {
        this.settings = settings;
        this.state = state;
        this.log = log;
        this.refusals = new BoundedLog(settings.log());
        Journal.Bounds bounds = settings.journal().bounds();
        this.journal = bounds == null ? null : new Journal(bounds);
        Recorder recorder = journal == null
                ? Recorder.NONE
                : clients.before(journal, settings.prefix().value() + ".");
        stops.push(refusals::close);
        try {
            // Before anything of theirs is read.
            state.renewPolicies(settings.gatewayRole()).forEach(complaints(settings, Event.STATE));
            TableStore tables = tables();
            stops.push(tables::close);
            FasterRuns.begin(tables, settings.clockRate()).ifPresent(complaints(settings, Event.STATE));
            RunningClock clock = clock();
            stops.push(clock::close);
            Registry registry = new Registry(tables, state.account(), clock);
            this.things = new ThingRegistry(registry);
            // Before the principals: their policies count.
            ThingGroups groups = new ThingGroups(tables, registry);
            this.principals = StatePrincipals.open(
                    state, settings.gatewayRole(), registry, files(), complaints(settings, Event.STATE));
            stops.push(principals::close);
            Foundation foundation = new Foundation(
                    settings, state, principals, clock, tables, registry, groups, refusals, recorder, new BodyBudget());
            EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                    HTTP_LOOPS, new DefaultThreadFactory("http", true), NioIoHandler.newFactory());
            stops.push(() ->
                    loops.shutdownGracefully(0, 200, TimeUnit.MILLISECONDS).awaitUninterruptibly(300));
            AwsIot iot = iot(foundation);
            this.broker = iot == null ? null : iot.broker();
            this.faults = iot == null ? null : iot.faults();
            if (iot != null) {
                stops.push(iot.retained()::close);
                // After the broker: a restart under way ends with the broker.
                stops.push(iot.faults()::close);
                stops.push(iot.broker()::close);
            }
            this.function = function(foundation, broker, loops);
            stops.push(function::stop);
            this.api = Foundation.listening(() -> HttpListener.bind(
                    loops, Foundation.loopback(settings.ports().api())));
            stops.push(api::close);
            LocalApi local = localApi(api.address().getPort());
            stops.push(local::close);
            api.serve(services(foundation, iot, function, local));
            beginFaults();
        } catch (Throwable failed) {
            close();
            throw failed;
        }
    }

    private TableStore tables() throws StateException {
        return switch (settings.storage()) {
            case DURABLE -> state.tables();
            case EPHEMERAL -> new InMemoryTables();
        };
    }

    /** What a start that keeps nothing changes is not for the files of things either. */
    private ThingFileExchange.Direction files() {
        return switch (settings.storage()) {
            case DURABLE -> ThingFileExchange.Direction.BOTH;
            case EPHEMERAL -> ThingFileExchange.Direction.FROM_FILES;
        };
    }

    private RunningClock clock() {
        return RunningClock.start(
                settings.clockRate(),
                failed -> settings.log()
                        .accept(LogLine.of(LogLine.Level.ERROR, Event.DEFECT)
                                .with(Member.MESSAGE, "a timer of a service failed")
                                .with(Member.TRACE, failed)
                                .toString()));
    }

    /** The local API, with a token of its own. */
    private LocalApi localApi(int port) throws StateException {
        ObservedLocalCloud cloud = new ObservedLocalCloud(this, clients, started, onStop::get);
        return new LocalApi(
                new LocalApi.Sources(cloud, journal, masks(), log, settings.prefix()),
                state.writeToken(),
                port,
                new RefusedRequests(refusals));
    }

    private void beginFaults() throws StartException {
        if (faults == null || !(settings.broker() instanceof LocalCloudSettings.BrokerChoice.Own own)) {
            return;
        }
        try {
            var unused = faults.replace(own.faults());
        } catch (FaultsException failed) {
            throw new StartException(String.valueOf(failed.getMessage()), failed);
        }
    }

    private static @Nullable AwsIot iot(Foundation foundation) throws StartException, StateException {
        return foundation.settings().broker() instanceof LocalCloudSettings.BrokerChoice.Own own
                ? AwsIot.start(foundation, own)
                : null;
    }

    private static RunningFunction function(Foundation foundation, @Nullable Broker broker, EventLoopGroup loops)
            throws StartException {
        LocalCloudSettings settings = foundation.settings();
        Map<String, String> environment = FunctionEnvironment.of(foundation, broker);
        return switch (settings.runtime()) {
            case LocalCloudSettings.RuntimeChoice.InProcess here -> RunningFunction.inProcess(environment, foundation);
            case LocalCloudSettings.RuntimeChoice.OwnProcess own ->
                RunningFunction.inOwnProcess(environment, foundation, own.scale(), loops);
        };
    }

    /** The API, and what else is signed for on its port. */
    private HttpPipeline services(
            Foundation foundation, @Nullable AwsIot iot, RunningFunction function, LocalApi local) {
        ApiSettings settings = ApiSettings.of(foundation.state().account().region(), Account.ID)
                .withLog(foundation.settings().log(), foundation.refusals())
                .withJournal(foundation.journal());
        RestApi rest = new RestApi(
                settings,
                api.address().getPort(),
                foundation.verifier(SigningService.EXECUTE_API),
                new PolicyAuthorizer(foundation.principals()),
                function.handler());
        List<HttpService> others = new ArrayList<>(iot == null ? List.of() : iot.services());
        others.add(foundation.securityTokens());
        HttpServices services = new HttpServices(rest, others.toArray(HttpService[]::new))
                .unclaimed(head -> !RestApi.isOwn(head.path()), foundation.unserved())
                .below(LocalApi.PATH, local);
        return new HttpPipeline(services, settings.limits().connections(), foundation.bodies());
    }

    /** What takes sentences for the log. */
    static Consumer<String> complaints(LocalCloudSettings settings, Event event) {
        return message -> settings.log().accept(LogLine.warning(event, message));
    }

    /** The URL where the services of AWS are, in plain HTTP. */
    public URI servicesEndpoint() {
        return URI.create("http://" + HOST + ":" + api.address().getPort());
    }

    /** Where calls go: the URL of {@code /Prod/invoke}. */
    public URI apiEndpoint() {
        return RestApi.endpoint(api.address());
    }

    /** {@code HOST:PORT} where devices connect. */
    public String iotEndpoint() {
        return broker == null ? other().devices() : HOST + ":" + broker.devicePort();
    }

    /** {@code HOST:PORT} where devices of other machines connect; null where they cannot. */
    public @Nullable String iotEndpointBeyond() {
        NetworkAddress beyond = settings.beyond();
        return broker == null || beyond == null ? null : beyond.endpoint(broker.devicePort());
    }

    /** {@code HOST:PORT} where functions connect; null where the broker is another. */
    public @Nullable String gatewayEndpoint() {
        return broker == null ? null : HOST + ":" + broker.gatewayPort();
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

    /** The things of the registry, with those whose files were made a moment ago. */
    ThingRegistry things() {
        principals.readChanges();
        return things;
    }

    /** Has what was edited in the state directory count now, rather than within five seconds. */
    public void readStateAgain() {
        principals.readAllOrTell();
    }

    /** The broker; null when it is another. */
    public @Nullable Broker broker() {
        return broker;
    }

    /** The faults of the broker, which can be replaced at any time; null when the broker is another. */
    public @Nullable Faults faults() {
        return faults;
    }

    /** The steps of calls, messages and clients; null when there is no journal. {@link #masks} tells what must not be
     * told of payloads.
     */
    public @Nullable Journal journal() {
        return journal;
    }

    /** What is not told of payloads in the journal. */
    public Masks masks() {
        return settings.journal().masks();
    }

    /** Has something run when the local API is asked to stop the cloud; it does not block. Without, the request is
     * refused.
     */
    public void whenAskedToStop(Runnable stop) {
        onStop.set(stop);
    }

    LocalCloudSettings settings() {
        return settings;
    }

    /** How many calls wait for their end at this moment; 0 where the function runs in processes of its own, which do
     * not tell.
     */
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
        try {
            return state.writeEnvironment(ShellEnvironment.of(this));
        } catch (StateException failed) {
            throw new StartException(String.valueOf(failed.getMessage()), failed);
        }
    }

    /** Takes no new calls; those that wait may still end. Returns at once. */
    public void drain() {
        api.drain();
    }

    /** Stops in order, within a second: no new calls, then those that wait, which end as timeouts unless an answer
     * comes, then the connections.
     */
    @Override
    public void close() {
        Stops.run(stops, settings.log());
    }
}
