package dev.roundtrip.client;

import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Target;

/** A device that can be called. Immutable; thread-safe. */
public final class Callee {
    private final Tries tries;
    private final Target target;

    Callee(Tries tries, Target target) {
        this.tries = tries;
        this.target = target;
    }

    /** A call of a method, not made yet.
     *
     * @param name 1 to 64 of the characters {@code [a-zA-Z0-9:._-]}
     * @throws IllegalArgumentException when this is no method
     */
    public Call method(String name) {
        return Call.of(tries, target, new Method(name));
    }

    @Override
    public String toString() {
        return "Callee[" + target + "]";
    }
}
