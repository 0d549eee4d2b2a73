package dev.roundtrip.local.http;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory bodies may take whose signature is not verified yet. Thread-safe.
 *
 * <p>There are two accounts: one for all connections that have shown no valid signature, and a larger one for those
 * that have.
 */
public final class BodyBudget {
    /** For all connections together that have shown no valid signature, in bytes; our choice. */
    private static final long MAX_UNVERIFIED = 16L * 1024 * 1024;

    /** For all connections together that have shown a valid signature, in bytes; our choice: a few hundred clients
     * cannot use up the memory.
     */
    private static final long MAX_VERIFIED = 128L * 1024 * 1024;

    final Account unverified;
    final Account verified;

    public BodyBudget() {
        this(MAX_UNVERIFIED, MAX_VERIFIED);
    }

    /** @param unverified for all connections together that have shown no valid signature, in bytes
     * @param verified for all that have, in bytes
     */
    public BodyBudget(long unverified, long verified) {
        this.unverified = new Account(unverified);
        this.verified = new Account(verified);
    }

    /** Some bytes for some connections. */
    static final class Account {
        private final long max;
        private final AtomicLong taken = new AtomicLong();

        private Account(long max) {
            this.max = max;
        }

        /** Takes some bytes, unless there would be too many then. */
        boolean take(long bytes) {
            if (taken.addAndGet(bytes) <= max) {
                return true;
            }
            taken.addAndGet(-bytes);
            return false;
        }

        void giveBack(long bytes) {
            taken.addAndGet(-bytes);
        }
    }

    /** What one body has taken. Thread-safe; taken by one event loop. */
    static final class Claim {
        private final Account account;
        private final AtomicLong taken = new AtomicLong();

        /** Nothing yet. */
        Claim(Account account) {
            this.account = account;
        }

        /** Takes some bytes more, unless there would be too many then. */
        boolean take(int bytes) {
            boolean room = account.take(bytes);
            if (room) {
                taken.addAndGet(bytes);
            }
            return room;
        }

        long taken() {
            return taken.get();
        }

        /** Gives all of it back; more than once does nothing. */
        void giveBack() {
            account.giveBack(taken.getAndSet(0));
        }
    }
}
