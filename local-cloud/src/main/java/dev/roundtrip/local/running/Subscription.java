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
    private String last;

    /** Events from now on. */
    public Subscription(RunningCloud cloud, Query query) {
        this(cloud, query, "");
    }

    /** Events after another one.
     *
     * @param after its id; empty for events from now on
     */
    public Subscription(RunningCloud cloud, Query query, String after) {
        this.cloud = cloud;
        this.query = query;
        this.last = after;
    }

    /** Reads events until the local cloud has stopped, or somebody has read enough.
     *
     * @param reader takes each event, and tells whether it wants more
     * @throws LocalApiException when the local cloud has stopped, or refuses the stream
     * @throws InterruptedException when the thread is interrupted
     */
    public void read(Predicate<ServerEvent> reader) throws LocalApiException, InterruptedException {
        boolean opened = false;
        boolean wanted = true;
        while (wanted) {
            try (EventStream stream = cloud.events(query, last)) {
                opened = true;
                wanted = read(stream, reader);
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

    /** Reads to the end of a stream; false when somebody has read enough. */
    private boolean read(EventStream stream, Predicate<ServerEvent> reader) throws IOException {
        try {
            boolean wanted = true;
            Optional<ServerEvent> event = stream.next();
            while (event.isPresent() && wanted) {
                wanted = reader.test(event.get());
                event = wanted ? stream.next() : Optional.empty();
            }
            return wanted;
        } finally {
            last = stream.id();
        }
    }
}
