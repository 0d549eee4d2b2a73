package dev.roundtrip.device.command;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Which executions a device has seen, so that none runs twice. Bounded. Thread-safe. */
final class KnownExecutions {
    private final int most;
    private final int mostRefused;
    private final int remembered;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Admission> open = new HashMap<>();
    private final Set<String> ended = new LinkedHashSet<>();
    private int refused;

    /** What is done with a message. */
    enum Admission {
        /** It runs. */
        RUN,
        /** It does not run, and the service is told. */
        REFUSED,
        /** It came twice, or there is no room to refuse it. */
        NONE
    }

    KnownExecutions(int most, int mostRefused, int remembered) {
        this.most = most;
        this.mostRefused = mostRefused;
        this.remembered = remembered;
    }

    Admission admit(String id) {
        lock.lock();
        try {
            if (open.containsKey(id) || ended.contains(id)) {
                return Admission.NONE;
            }
            if (open.size() - refused < most) {
                open.put(id, Admission.RUN);
                return Admission.RUN;
            }
            if (refused < mostRefused) {
                refused++;
                open.put(id, Admission.REFUSED);
                return Admission.REFUSED;
            }
            return Admission.NONE;
        } finally {
            lock.unlock();
        }
    }

    /** The service has its outcome, or never will. */
    void ended(String id) {
        lock.lock();
        try {
            if (open.remove(id) == Admission.REFUSED) {
                refused--;
            }
            ended.add(id);
            if (ended.size() > remembered) {
                Iterator<String> oldest = ended.iterator();
                oldest.next();
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }
}
