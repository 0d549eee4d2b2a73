package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.SdkClients.PATIENCE;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.crt.iot.StreamingOperation;
import software.amazon.awssdk.crt.iot.SubscriptionStatusEvent;
import software.amazon.awssdk.iot.V2ClientStreamOptions;

/** A stream of a client of the AWS IoT Device SDK, which is subscribed to.
 *
 * @param events in the order in which they came
 */
record SdkStream<E>(BlockingQueue<E> events, StreamingOperation operation) implements AutoCloseable {
    /** Makes a stream, which is opened then. */
    @FunctionalInterface
    interface Made<E> {
        StreamingOperation with(V2ClientStreamOptions<E> options);
    }

    /** Subscribes, and returns when the broker took the subscription. */
    static <E> SdkStream<E> subscribed(Made<E> stream) throws Exception {
        BlockingQueue<E> events = new LinkedBlockingQueue<>();
        CompletableFuture<SubscriptionStatusEvent> listening = new CompletableFuture<>();
        StreamingOperation operation = stream.with(V2ClientStreamOptions.<E>builder()
                .withStreamEventHandler(events::add)
                .withSubscriptionEventHandler(listening::complete)
                .build());
        operation.open();
        var unused = listening.get(PATIENCE, TimeUnit.SECONDS);
        return new SdkStream<>(events, operation);
    }

    /** The next event; fails the test when none comes. */
    E next() throws InterruptedException {
        E event = events.poll(PATIENCE, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("no event came");
        }
        return event;
    }

    @Override
    public void close() {
        operation.close();
    }
}
