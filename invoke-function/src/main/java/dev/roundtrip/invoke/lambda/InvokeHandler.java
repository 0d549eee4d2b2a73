package dev.roundtrip.invoke.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import dev.roundtrip.invoke.CallLog;
import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.Invoker;
import dev.roundtrip.invoke.PendingAcks;
import dev.roundtrip.invoke.dataplane.DataPlane;
import dev.roundtrip.invoke.dataplane.DirectDelivery;
import dev.roundtrip.invoke.dataplane.HttpDataPlane;
import dev.roundtrip.invoke.dataplane.PublishDelivery;
import dev.roundtrip.invoke.mqtt.CrtConnector;
import dev.roundtrip.invoke.mqtt.CrtCredentials;
import dev.roundtrip.invoke.mqtt.Delivery;
import dev.roundtrip.invoke.mqtt.Environment;
import dev.roundtrip.invoke.mqtt.GatewayCredentials;
import dev.roundtrip.invoke.mqtt.MqttException;
import dev.roundtrip.invoke.mqtt.MqttRequestSender;
import java.time.Duration;
import java.util.function.Consumer;
import org.crac.Core;
import org.crac.Resource;

/** The function: connected when it is made, kept warm between calls. Thread-safe: many calls at once share one
 * connection.
 */
public final class InvokeHandler
        implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent>, Resource, AutoCloseable {
    /** Kept back from the time that AWS Lambda leaves to an invocation, so that the answer is out before the end. */
    private static final Duration RESERVE = Duration.ofMillis(250);

    /** How long the start waits for the connection: well below the 10 s that AWS Lambda gives to the init phase and to
     * a restore.
     */
    private static final Duration START_LIMIT = Duration.ofSeconds(5);

    private final CallLog log;
    private final PendingAcks pendingAcks = new PendingAcks();
    private final MqttRequestSender sender;
    private final Invoker invoker;

    /** As AWS Lambda makes it: settings and credentials from the environment, one line a call to standard output. Takes
     * part in snapshots, unless a call waits for the start: then none is made, and the call would wait for what they
     * need.
     *
     * @throws InvalidSettingException when a setting is missing or malformed
     */
    public InvokeHandler() {
        this(() -> {});
    }

    /** The same, with something to do while it connects. */
    InvokeHandler(Runnable meanwhile) {
        this(Settings.from(System.getenv()), GatewayCredentials.from(System.getenv()), System.out::println, meanwhile);
        if (!Settings.isStartAwaited(System.getenv())) {
            // The registry holds it weakly; AWS Lambda holds its handler as long as the process lives.
            Core.getGlobalContext().register(this);
        }
    }

    /** As any other process makes it.
     *
     * @param settings what it shall be
     * @param credentials whose signature it connects with
     * @param lines takes one JSON object for each call; called by many threads
     */
    public InvokeHandler(Settings settings, GatewayCredentials credentials, Consumer<String> lines) {
        this(settings, credentials, lines, () -> {});
    }

    private InvokeHandler(
            Settings settings, GatewayCredentials credentials, Consumer<String> lines, Runnable meanwhile) {
        this.log = new CallLog(lines);
        Clocks clocks = Clocks.SYSTEM;
        CrtConnector connector = new CrtConnector(settings.broker(), settings.prefix(), credentials, clocks);
        DataPlane dataPlane = new HttpDataPlane(
                settings.broker(), new CrtCredentials(credentials), settings.maxDirectMessages(), clocks);
        Delivery delivery = switch (settings.delivery()) {
            case PUBLISH -> new PublishDelivery(dataPlane, clocks);
            case DIRECT -> new DirectDelivery(dataPlane, log, clocks);
        };
        this.sender = new MqttRequestSender(
                connector,
                new MqttRequestSender.Ways(settings.listening(), delivery, settings.rate()),
                new Environment(settings.prefix(), pendingAcks, log, clocks));
        this.invoker = new Invoker(
                new Invoker.Terms(settings.prefix(), settings.limits(), settings.maxCallsInFlight()),
                pendingAcks,
                sender,
                log,
                clocks);
        try {
            connect(meanwhile);
        } catch (RuntimeException | Error failed) {
            close();
            throw failed;
        }
    }

    private void connect(Runnable meanwhile) {
        try {
            sender.connect(meanwhile, Deadline.after(START_LIMIT, System::nanoTime));
        } catch (MqttException unavailable) {
            // Interrupted: the process is told to end, and that it does not connect any more is nothing to tell.
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            // The broker may be back for the first call; until then calls are told so, which a failed start could not
            // do.
            log.connection("not connected at the start: " + unavailable.getMessage());
        }
    }

    @Override
    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent event, Context context) {
        Duration budget = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESERVE);
        return ProxyEvents.response(invoker.handle(ProxyEvents.request(event), budget));
    }

    /** Before a snapshot: nothing stays connected and no id is kept, for every copy would have it. */
    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
        sender.disconnect();
    }

    /** After a restore: connects under a client id of this copy's own. */
    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) {
        connect(() -> {});
    }

    /** How many calls wait for their end at this moment. */
    public int waitingCalls() {
        return Math.toIntExact(pendingAcks.count());
    }

    /** Disconnects; calls after this are told that the function is stopping. */
    @Override
    public void close() {
        sender.close();
        pendingAcks.close();
    }
}
