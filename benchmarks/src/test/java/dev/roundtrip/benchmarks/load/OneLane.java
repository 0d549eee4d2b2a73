package dev.roundtrip.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** A server with one lane, that ends each question as it is told. */
final class OneLane implements RoundTrips {
    private final List<Ending> script;
    private final List<Executor> pace;
    private int asked;

    /** @param script how the first questions end; all others are answered
     * @param pace who ends them, and when; the last one ends the rest */
    OneLane(List<Ending> script, List<Executor> pace) {
        this.script = new ArrayList<>(script);
        this.pace = new ArrayList<>(pace);
    }

    synchronized int asked() {
        return asked;
    }

    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public synchronized void ask(int lane, Asker asker) {
        asked++;
        Ending ending = script.isEmpty() ? Ending.ANSWERED : script.removeFirst();
        Executor who = pace.size() > 1 ? pace.removeFirst() : pace.getFirst();
        who.execute(() -> asker.ended(ending));
    }

    @Override
    public void close() {}
}
