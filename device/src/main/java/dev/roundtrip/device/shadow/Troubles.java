package dev.roundtrip.device.shadow;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Tells each trouble once for each connection, since what fails is tried again and again. Used by one thread. */
final class Troubles {
    /** How many are told for each connection; our choice. */
    private static final int MOST = 32;

    private final Consumer<String> listener;
    private final Set<String> told = new HashSet<>();

    Troubles(Consumer<String> listener) {
        this.listener = listener;
    }

    /** Begins a connection. */
    void connected() {
        told.clear();
    }

    void tell(String sentence) {
        if (told.size() < MOST && told.add(sentence)) {
            listener.accept(sentence);
        }
    }
}
