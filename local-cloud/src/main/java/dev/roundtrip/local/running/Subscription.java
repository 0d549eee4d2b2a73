package dev.roundtrip.local.running;

import dev.roundtrip.local.running.LocalApiException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads events of a local cloud for as long as it runs, also over a stream that breaks. For one thread. */
public final class Subscription {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final RunningCloud cloud;
    private final Query query;

    public Subscription(RunningCloud cloud, Query query) {
        this.cloud = cloud;
        this.query = query;
    }

    /** Reads events until the local cloud has stopped, or somebody has read enough.
     *
     * @param reader takes each event, and tells whether it wants more
     * @throws LocalApiException when the local cloud has stopped, or refuses the stream
     * @throws InterruptedException when the thread is interrupted
     */
    public void read(Predicate<ServerEvent> reader) throws LocalApiException, InterruptedException {
        String last = "";
        boolean opened = false;
        boolean wanted = true;
        while (wanted) {
            try (EventStream stream = cloud.events(query, last)) {
                opened = true;
                Optional<ServerEvent> event = stream.next();
                while (event.isPresent() && wanted) {
                    last = event.get().id();
                    wanted = reader.test(event.get());
                    event = wanted ? stream.next() : Optional.empty();
                }
            } catch (LocalApiException failed) {
                if (failed.kind() != Kind.BUSY || !opened) {
                    throw failed;
                }
            } catch (IOException broken) {
                if (Thread.interrupted() || broken.getCause() instanceof InterruptedException) {
                    throw new InterruptedException("interrupted while it read events");
                }
            }
            if (wanted) {
                Thread.sleep(PAUSE);
            }
        }
    }
}
