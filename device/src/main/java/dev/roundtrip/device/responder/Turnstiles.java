package dev.roundtrip.device.responder;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Queues by name, in which one goes after the other, in the order in which they joined. Thread-safe. */
final class Turnstiles {
    private final Map<String, ArrayDeque<Ticket>> queues = new HashMap<>();

    /** A place in a queue, until it is closed. */
    final class Ticket implements AutoCloseable {
        private final String queue;
        private final CountDownLatch turn = new CountDownLatch(1);

        private Ticket(String queue) {
            this.queue = queue;
        }

        /** Blocks until all that joined before have left.
         *
         * @throws InterruptedException when the thread is interrupted
         */
        void awaitTurn() throws InterruptedException {
            turn.await();
        }

        /** Leaves the queue, also before the turn came; a second call does nothing. */
        @Override
        public void close() {
            leave(this);
        }
    }

    synchronized Ticket join(String queue) {
        Ticket ticket = new Ticket(queue);
        ArrayDeque<Ticket> waiting = queues.computeIfAbsent(queue, name -> new ArrayDeque<>());
        waiting.add(ticket);
        waiting.getFirst().turn.countDown();
        return ticket;
    }

    private synchronized void leave(Ticket ticket) {
        ArrayDeque<Ticket> waiting = queues.get(ticket.queue);
        if (waiting != null && waiting.remove(ticket)) {
            if (waiting.isEmpty()) {
                queues.remove(ticket.queue);
            } else {
                waiting.getFirst().turn.countDown();
            }
        }
    }
}
