package dev.roundtrip.invoke.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.roundtrip.invoke.mqtt.CrtConnector;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.crac.Core;
import org.crac.Resource;

/** The function as AWS Lambda starts it: {@link InvokeHandler}, primed where nobody waits for it, with its events as
 * plain JSON. Thread-safe.
 *
 * <p>The runtime would fill the events' classes by reflection, and to prepare for that takes longer than everything
 * else of a cold start.
 */
public final class StreamHandler implements RequestStreamHandler, Resource, AutoCloseable {
    /** Before a snapshot there is time to have the compilers learn; this often, C2 has seen what is hot. */
    private static final int PRIMING_CALLS = 2_000;

    private final InvokeHandler function;

    /** As AWS Lambda makes it; returns when it is connected.
     *
     * @throws InvalidSettingException when a setting is missing or malformed
     */
    public StreamHandler() {
        // Whoever connects waits for it; by then half of it is done.
        Thread.ofPlatform().name("crt-load").daemon().start(CrtConnector::load);
        this.function = new InvokeHandler(this::prepare);
    }

    /** Where nobody waits for the start, takes part in snapshots, and primes both ways that a call goes: with the
     * answer there before it waits, and waiting.
     * Where somebody does, that would take as long before the first call as it spares it, and no snapshot is made. */
    private void prepare() {
        if (!Settings.isStartAwaited(System.getenv())) {
            // While it connects, for that takes time too; neither hook below needs a connection.
            Core.getGlobalContext().register(this);
            var unused = Priming.answered();
            unused = Priming.unanswered();
        }
    }

    @Override
    public void handleRequest(InputStream event, OutputStream response, Context context) throws IOException {
        ProxyJson.write(function.handleRequest(ProxyJson.read(event), context), response);
    }

    /** Before a snapshot: what is compiled then is compiled in every copy. Connects nothing, and makes no id. */
    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
        for (int i = 0; i < PRIMING_CALLS; i++) {
            var unused = Priming.answered();
        }
    }

    /** After a restore it is {@link InvokeHandler} that connects. */
    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) {}

    /** Disconnects; calls after this are told that the function is stopping. */
    @Override
    public void close() {
        function.close();
    }
}
