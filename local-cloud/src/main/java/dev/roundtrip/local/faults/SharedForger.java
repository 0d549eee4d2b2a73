package dev.roundtrip.local.faults;

import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.mqtt.Broker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The forger, open while somebody has a claim to it. Thread-safe. */
final class SharedForger implements AutoCloseable {
    /** How long one replacement of faults waits for the forger's connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** How long a replacement waits for others that open or close. */
    private static final Duration TURN = Duration.ofSeconds(10);

    private final Impostor impostor;
    private final Broker broker;
    private final Consumer<String> complaints;
    private final ReentrantLock turn = new ReentrantLock();
    /** Guarded by the lock. */
    private int claims;
    /** Guarded by the lock. */
    private @Nullable Forger forger;

    private volatile @Nullable Forger opening;
    private volatile boolean closed;

    SharedForger(Impostor impostor, Broker broker, Consumer<String> complaints) {
        this.impostor = impostor;
        this.broker = broker;
        this.complaints = complaints;
    }

    /** Opens the forger where it is not open, and keeps it open until {@link #release}; waits for its connection.
     *
     * @throws FaultsException when it cannot be opened, which the log says too
     */
    Forger claim() throws FaultsException {
        try {
            if (!turn.tryLock(TURN.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new FaultsException("other replacements of faults open or close the connection of the forging"
                        + " device; try again");
            }
            try {
                Forger open = forger;
                if (open == null) {
                    open = open();
                    forger = open;
                }
                claims++;
                return open;
            } finally {
                turn.unlock();
            }
        } catch (FaultsException failed) {
            if (!closed) {
                complaints.accept("the faults stay as they were: " + failed.getMessage());
            }
            throw failed;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new FaultsException("the thread was interrupted while the forging device connected", interrupted);
        }
    }

    private Forger open() throws FaultsException, InterruptedException {
        if (closed) {
            throw Faults.closed();
        }
        Forger opened;
        try {
            opened = new Forger(impostor.provision(), complaints);
        } catch (TransportException unusable) {
            throw new FaultsException("forge needs a device, and it cannot log in: " + unusable.getMessage(), unusable);
        }
        boolean stays = false;
        opening = opened;
        try {
            check(opened);
            stays = true;
            return opened;
        } finally {
            opening = null;
            if (!stays) {
                opened.close();
            }
        }
    }

    private void check(Forger opened) throws FaultsException, InterruptedException {
        boolean connected = !closed && opened.awaitConnection(PATIENCE);
        if (closed) {
            throw Faults.closed();
        }
        String failure = opened.failure();
        if (!connected && failure != null && broker.isListening()) {
            throw new FaultsException("forge needs a device, and it does not connect: " + failure);
        }
        if (!connected) {
            // The broker is busy, or away and comes back.
            complaints.accept("the forging device is not connected yet; forged answers begin when it is");
        }
    }

    /** Gives a claim back; returns at once. The connection closes when it was the last claim. */
    void release() {
        var unused = Thread.ofPlatform().name("faults-forger").daemon().start(() -> {
            turn.lock();
            try {
                claims--;
                if (claims == 0) {
                    closeForger();
                }
            } finally {
                turn.unlock();
            }
        });
    }

    private void closeForger() {
        if (forger != null) {
            forger.close();
            forger = null;
        }
    }

    /** Closes the connection, whoever has a claim to it. */
    @Override
    public void close() {
        closed = true;
        Forger unfinished = opening;
        if (unfinished != null) {
            unfinished.giveUp();
        }
        turn.lock();
        try {
            closeForger();
        } finally {
            turn.unlock();
        }
    }
}
