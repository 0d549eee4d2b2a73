package dev.roundtrip.client;

import dev.roundtrip.protocol.Target;
import java.net.URI;
import java.util.concurrent.ThreadLocalRandom;

/** Calls devices through one deployment. One is enough for a process: it keeps its connections. Thread-safe; each call
 * blocks its thread, which may be a virtual one.
 */
public final class Roundtrip implements AutoCloseable {
    private final HttpExchange http;
    private final Tries tries;

    private Roundtrip(HttpExchange http, Tries tries) {
        this.http = http;
        this.tries = tries;
    }

    /** A client with {@linkplain ClientSettings#at(URI) the usual settings}.
     *
     * @param endpoint the address of {@code /invoke}
     * @throws IllegalArgumentException when this is no such address, or nothing names the region
     */
    public static Roundtrip at(URI endpoint) {
        return at(ClientSettings.at(endpoint));
    }

    /** A client with other settings.
     *
     * @throws IllegalArgumentException when nothing names the region
     */
    public static Roundtrip at(ClientSettings settings) {
        return at(
                settings,
                Time.system(),
                new Pauses(() -> ThreadLocalRandom.current().nextDouble()));
    }

    static Roundtrip at(ClientSettings settings, Time time, Pauses pauses) {
        HttpExchange http = new HttpExchange(settings.trust());
        return new Roundtrip(http, new Tries(settings, new Signer(settings.region()), http, time, pauses));
    }

    /** A device to call.
     *
     * @param target its thing name: 1 to 128 of the characters {@code [a-zA-Z0-9:_-]}
     * @throws IllegalArgumentException when this is no thing name
     */
    public Callee call(String target) {
        return new Callee(tries, new Target(target));
    }

    /** Closes all connections. Calls that wait end, mostly as {@link Outcome.MayHaveRun}. */
    @Override
    public void close() {
        tries.close();
        http.close();
    }
}
