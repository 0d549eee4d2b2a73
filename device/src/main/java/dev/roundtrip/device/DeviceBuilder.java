package dev.roundtrip.device;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roundtrip.device.MethodTable.Bound;
import dev.roundtrip.device.command.CommandRules;
import dev.roundtrip.device.command.DeviceCommands;
import dev.roundtrip.device.command.ExecutionHandler;
import dev.roundtrip.device.job.DeviceJobs;
import dev.roundtrip.device.job.JobBuilder;
import dev.roundtrip.device.method.MethodHandler;
import dev.roundtrip.device.operation.InvokeMethod;
import dev.roundtrip.device.responder.Keeping;
import dev.roundtrip.device.responder.Lanes;
import dev.roundtrip.device.responder.Limits;
import dev.roundtrip.device.responder.Rules;
import dev.roundtrip.device.shadow.DeviceShadow;
import dev.roundtrip.device.shadow.ShadowBuilder;
import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TlsFiles;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Describes a device: see {@link RoundtripDevice}. Used by one thread. */
public final class DeviceBuilder {
    /** Names that begin so belong to the library. */
    private static final String OURS = "lane.";

    private final Target name;
    private final Map<Method, Bound<?>> methods = new HashMap<>();
    private final Map<Method, Method> joined = new HashMap<>();
    private final Set<Method> serial = new HashSet<>();
    private final Map<String, Consumer<ShadowBuilder>> shadows = new LinkedHashMap<>();
    private final Map<String, DeviceFeatures.Maker> features = new LinkedHashMap<>();
    private Lanes.Overlap overlap = Lanes.Overlap.PARALLEL;
    private Limits limits = Limits.DEFAULT;
    private Keeping keeping = Keeping.DEFAULT;
    private MqttVersion mqtt = MqttVersion.MQTT_5;
    private DeviceListeners listeners = DeviceListeners.NONE;
    private ObjectMapper mapper = Json.mapper().copy().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

    @Nullable private Bound<?> other;

    @Nullable private Endpoint endpoint;

    @Nullable private TlsFiles files;

    @Nullable private Path store;

    @Nullable private Duration tolerance;

    DeviceBuilder(Target name) {
        this.name = name;
    }

    /** Where the broker listens.
     *
     * @param broker {@code HOST} or {@code HOST:PORT}; without a port, 8883
     * @throws IllegalArgumentException when it is something else
     */
    public DeviceBuilder at(String broker) {
        endpoint = Endpoint.of(broker);
        return this;
    }

    /** How the device proves who it is, and whom it trusts: PEM files.
     *
     * @param certificate its certificate
     * @param key its private key
     * @param authority the authority of the broker's certificate
     */
    public DeviceBuilder identity(Path certificate, Path key, Path authority) {
        files = new TlsFiles(authority, certificate, key);
        return this;
    }

    DeviceBuilder login(Login login) {
        endpoint = login.endpoint();
        files = login.tls();
        return this;
    }

    /** Serves a method. A request that is no {@code T} is refused as {@code invalid_request}, and the handler is not
     * called. A text that holds JSON is read as that JSON, since a GET can send nothing but text.
     *
     * @param type a record, or what else Jackson can read
     * @throws IllegalArgumentException when no method can have this name, or there is one already
     */
    public <T> DeviceBuilder on(String method, Class<T> type, MethodHandler<T> handler) {
        if (methods.putIfAbsent(theirs(method), new Bound<>(type, handler)) != null) {
            throw new IllegalArgumentException("there are two methods '" + method + "'");
        }
        return this;
    }

    /** Serves a method that takes any JSON value.
     *
     * @throws IllegalArgumentException when no method can have this name, or there is one already
     */
    public DeviceBuilder on(String method, MethodHandler<JsonNode> handler) {
        return on(method, JsonNode.class, handler);
    }

    /** Serves every method that has no handler of its own. Without this, they are refused as {@code unknown_method}.
     *
     * <pre>{@code
     * device.onOther((request, call) -> {
     *     throw call.unknownMethod();
     * });
     * }</pre>
     */
    public DeviceBuilder onOther(MethodHandler<JsonNode> handler) {
        other = new Bound<>(JsonNode.class, handler);
        return this;
    }

    /** Joins methods in one lane, so that their sequences are compared with one another. Without this, each method is a
     * lane of its own.
     *
     * <pre>{@code
     * device.lane("arm", "up", "down").serial("arm").store(Path.of("pump-1.journal"));
     * }</pre>
     *
     * @param lane the lane's name
     * @throws IllegalArgumentException when no lane or method can have such a name
     */
    public DeviceBuilder lane(String lane, String... members) {
        Method joint = theirs(lane);
        for (String member : members) {
            joined.put(theirs(member), joint);
        }
        return this;
    }

    /** The name of a method or a lane of the device's author. */
    private static Method theirs(String name) {
        if (name.startsWith(OURS)) {
            throw new IllegalArgumentException("names that begin with '" + OURS + "' belong to the library");
        }
        return new Method(name);
    }

    /** One call at a time in each of these lanes, with a sequence or without. Without this, calls without a sequence
     * overlap.
     *
     * @param names lanes, or methods that are in no lane with others; a method that is in one is refused by {@link
     *     #connect}
     * @throws IllegalArgumentException when no lane or method can have such a name
     */
    public DeviceBuilder serial(String... names) {
        for (String lane : names) {
            serial.add(theirs(lane));
        }
        return this;
    }

    /** One call at a time in the whole device. */
    public DeviceBuilder serial() {
        overlap = Lanes.Overlap.SERIAL;
        return this;
    }

    /** Keeps the device as its classic shadow desires, and reports. The device asks for the shadow after each connect,
     * applies what is desired in the order of versions, and reports each value with an acknowledgement beside it.
     *
     * <pre>{@code
     * device.shadow(shadow -> shadow.on("rpm", Integer.class, rpm -> {
     *     pump.start(rpm);
     *     return rpm;
     * }));
     * }</pre>
     *
     * @param description says what is done with which property
     */
    public DeviceBuilder shadow(Consumer<ShadowBuilder> description) {
        shadows.put("", description);
        return this;
    }

    /** The same for a named shadow.
     *
     * @param shadow 1 to 64 of {@code a-z A-Z 0-9 : _ - $}
     * @throws IllegalArgumentException when no shadow can have this name
     */
    public DeviceBuilder shadow(String shadow, Consumer<ShadowBuilder> description) {
        DeviceShadow.checkName("a shadow's name", shadow);
        shadows.put(shadow, description);
        return this;
    }

    /** Carries out AWS IoT Device Management Commands for this thing: each execution once, on a thread of its own.
     *
     * <pre>{@code
     * device.command(execution -> {
     *     Start start = execution.as(Start.class);
     *     pump.start(start.rpm());
     *     return ExecutionResult.succeeded().with("turns", true);
     * });
     * }</pre>
     */
    public DeviceBuilder command(ExecutionHandler handler) {
        return command(handler, CommandRules.DEFAULT);
    }

    /** The same with other rules. */
    public DeviceBuilder command(ExecutionHandler handler, CommandRules rules) {
        features.put(
                "command",
                hosting -> new DeviceCommands(
                        hosting.device().value(),
                        rules,
                        handler,
                        mapper,
                        hosting.publisher(),
                        reason -> hosting.troubles().accept(new DeviceTrouble.Command(hosting.device(), reason))));
        return this;
    }

    /** Carries out AWS IoT Jobs of this thing, one at a time. The operation {@code invoke} calls the methods of this
     * device.
     *
     * <pre>{@code
     * device.jobs(jobs -> jobs.on("calibrate", execution -> {
     *     if (!execution.memory().containsKey("zeroed")) {
     *         pump.start(0);
     *         if (!execution.remember(Map.of("zeroed", "yes"))) {
     *             return JobResult.stopped();
     *         }
     *     }
     *     return JobResult.succeeded(Map.of("bar", String.valueOf(pump.pressure())));
     * }));
     * }</pre>
     *
     * @param description says what is done for which document
     */
    public DeviceBuilder jobs(Consumer<JobBuilder> description) {
        features.put("jobs", hosting -> {
            JobBuilder builder = new JobBuilder(mapper).on("invoke", new InvokeMethod(hosting.methods()));
            description.accept(builder);
            return new DeviceJobs(
                    hosting.device().value(),
                    builder.table(),
                    hosting.publisher(),
                    reason -> hosting.troubles().accept(new DeviceTrouble.Job(hosting.device(), reason)));
        });
        return this;
    }

    /** Remembers keys and the counters of lanes in a file, which survives a power cut. Without this, they are forgotten
     * when the process ends.
     *
     * @param file of this device alone; made when it is not there
     */
    public DeviceBuilder store(Path file) {
        store = file;
        return this;
    }

    /** How much the device remembers of calls with a key or a sequence. */
    public DeviceBuilder keeping(Keeping other) {
        keeping = other;
        return this;
    }

    /** What the device takes on. The clock tolerance is the one that was given to {@link #clockTolerance}, if any. */
    public DeviceBuilder limits(Limits other) {
        limits = other;
        return this;
    }

    /** By how much this device's clock may be ahead of the gateway's: deadlines are extended by it. Counts before the
     * tolerance of {@link #limits}, whichever is called first.
     *
     * <pre>{@code
     * device.clockTolerance(Duration.ofSeconds(2)).mqtt(MqttVersion.MQTT_3);
     * }</pre>
     *
     * @param tolerance zero or more
     * @throws IllegalArgumentException when it is negative
     */
    public DeviceBuilder clockTolerance(Duration tolerance) {
        if (tolerance.isNegative()) {
            throw new IllegalArgumentException("a clock tolerance must be zero or more");
        }
        this.tolerance = tolerance;
        return this;
    }

    /** Which MQTT the device speaks; MQTT 5 when nothing is said. */
    public DeviceBuilder mqtt(MqttVersion version) {
        mqtt = version;
        return this;
    }

    /** What reads requests and writes responses. The one that is used otherwise refuses members that a record does not
     * have, and numbers that are missing.
     */
    public DeviceBuilder mapper(ObjectMapper other) {
        mapper = other;
        return this;
    }

    /** Who hears of the device. */
    public DeviceBuilder listeners(DeviceListeners other) {
        listeners = other;
        return this;
    }

    /** Begins to connect; see {@link RoundtripDevice#awaitReady}.
     *
     * @throws IllegalStateException when the broker or the identity was not given, or a method is called serial that
     *     shares its lane with others
     * @throws NotReadyException when the certificate, the key, the authority or the store cannot be used
     */
    public RoundtripDevice connect() throws NotReadyException {
        if (endpoint == null || files == null) {
            throw new IllegalStateException(
                    "say where the broker is, with at(…), and who the device is, with identity(…)");
        }
        DeviceSettings settings = new DeviceSettings(new Login(name, endpoint, files), mqtt, rules(), store);
        Map<String, ShadowBuilder> describedShadows = new LinkedHashMap<>();
        shadows.forEach((shadow, description) -> {
            ShadowBuilder builder = new ShadowBuilder(mapper);
            description.accept(builder);
            describedShadows.put(shadow, builder);
        });
        return RoundtripDevice.connect(
                settings, handler(), listeners, new DeviceFeatures(describedShadows, List.copyOf(features.values())));
    }

    Rules rules() {
        for (Method one : serial) {
            Method lane = joined.get(one);
            if (lane != null && !joined.containsValue(one)) {
                throw new IllegalStateException("method '" + one + "' is in lane '" + lane
                        + "' and does not take turns alone: say serial(\"" + lane + "\")");
            }
        }
        Limits all = tolerance == null ? limits : limits.withClockTolerance(tolerance);
        return new Rules(all, new Lanes(joined, serial, overlap), keeping);
    }

    MethodTable handler() {
        return new MethodTable(methods, other, mapper);
    }
}
