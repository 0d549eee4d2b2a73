package dev.roundtrip.things;

import dev.roundtrip.cli.Printable;
import dev.roundtrip.device.transport.Delivery;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Keeps what a thing receives until it is printed. Thread-safe. */
final class Listening implements ConnectedThing.Listener {
    /** Of messages that are not printed yet; each has at most 128 KiB. Our choice. */
    private static final int MAX_WAITING = 1_000;

    /** Of troubles that are not told yet; our choice. */
    private static final int MAX_EVENTS = 100;

    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(MAX_WAITING + MAX_EVENTS);
    private final AtomicLong dropped = new AtomicLong();

    /** What happens to the listener. */
    sealed interface Event {
        /** Connected; there is no subscription yet. */
        record Connected() implements Event {}

        /** The connection is gone, and is renewed. */
        record Lost(String reason) implements Event {}

        /** A message, in one line that is harmless for a terminal. */
        record Message(String line) implements Event {}
    }

    @Override
    public void connected() {
        offer(new Event.Connected());
    }

    @Override
    public void lost(String reason) {
        offer(new Event.Lost(reason));
    }

    @Override
    public void received(Delivery message) {
        if (events.remainingCapacity() <= MAX_EVENTS) {
            dropped.incrementAndGet();
            return;
        }
        offer(new Event.Message(Printable.of(message.topic()) + " "
                + Printable.of(new String(message.payload(), StandardCharsets.UTF_8))));
    }

    private void offer(Event event) {
        if (!events.offer(event)) {
            dropped.incrementAndGet();
        }
    }

    /** The next event; null when there is none for so long. */
    @Nullable Event next(long nanos) throws InterruptedException {
        return events.poll(nanos, TimeUnit.NANOSECONDS);
    }

    /** How many messages came faster than they were printed, and are not printed. */
    long dropped() {
        return dropped.get();
    }
}
