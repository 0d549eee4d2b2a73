package dev.roundtrip.local.iot.command;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one change of an execution happen at a time, with what is told of it. Thread-safe. */
final class Turns {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private final Set<String> busy = new HashSet<>();

    /** False when somebody else has the turn. Who gets it must {@link #leave}. */
    boolean tryEnter(String execution) {
        lock.lock();
        try {
            return busy.add(execution);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the turn. */
    void enter(String execution) {
        lock.lock();
        try {
            while (!busy.add(execution)) {
                left.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    void leave(String execution) {
        lock.lock();
        try {
            busy.remove(execution);
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
