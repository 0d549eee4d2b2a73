package dev.roundtrip.device.responder;

import dev.roundtrip.device.store.Entry;
import dev.roundtrip.device.store.Journal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** The journal of a device whose memory card is slow: while it is stuck, each sync waits until it is let go. */
final class SlowJournal implements Journal {
    /** The entries of each sync that has begun. */
    final List<List<Entry>> syncs = new CopyOnWriteArrayList<>();

    private final Semaphore free = new Semaphore(0);
    private volatile boolean isStuck;

    void stick() {
        isStuck = true;
    }

    /** Lets one sync end. */
    void letOneEnd() {
        free.release();
    }

    @Override
    public void append(List<Entry> entries) {
        syncs.add(entries);
        if (isStuck) {
            free.acquireUninterruptibly();
        }
    }

    @Override
    public List<Entry> earlier() {
        return List.of();
    }

    @Override
    public boolean isDamaged() {
        return false;
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    @Override
    public void shorten(Supplier<List<Entry>> everything) {}

    @Override
    public void replace(List<Entry> everything) {}

    @Override
    public void close() {}
}
