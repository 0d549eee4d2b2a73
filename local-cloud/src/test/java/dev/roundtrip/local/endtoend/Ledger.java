package dev.roundtrip.local.endtoend;

import dev.roundtrip.device.responder.CommandEvent;
import dev.roundtrip.device.responder.CommandListener;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What really ran at a device, by the request's text. */
final class Ledger implements CommandListener {
    private final Map<String, Integer> runs = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Long>> firsts = new ConcurrentHashMap<>();

    @Override
    public void on(CommandEvent event) {
        if (event instanceof CommandEvent.Received received) {
            first(received.command().request().tree().asText()).complete(System.nanoTime());
        } else if (event instanceof CommandEvent.Ran ran) {
            runs.merge(ran.command().request().tree().asText(), 1, Integer::sum);
        }
    }

    private CompletableFuture<Long> first(String request) {
        return firsts.computeIfAbsent(request, key -> new CompletableFuture<>());
    }

    /** Waits until a request has come.
     *
     * @return when, by {@link System#nanoTime}
     */
    long awaitArrival(String request) throws Exception {
        return first(request).get(30, TimeUnit.SECONDS);
    }

    int runs(String request) {
        return runs.getOrDefault(request, 0);
    }

    /** How many requests there were. */
    int size() {
        return firsts.size();
    }
}
