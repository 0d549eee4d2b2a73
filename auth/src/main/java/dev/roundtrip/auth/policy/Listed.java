package dev.roundtrip.auth.policy;

import java.util.List;

/** The patterns of an element such as {@code Action} or {@code NotAction}, and which of the two it is. */
record Listed<T>(Sense sense, List<T> patterns) {
    Listed {
        patterns = List.copyOf(patterns);
    }
}
