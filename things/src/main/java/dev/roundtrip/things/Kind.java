package dev.roundtrip.things;

import java.util.Locale;

/** What {@code clean} can be told to delete alone. */
enum Kind {
    POLICY,
    CERTIFICATES,
    THINGS;

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
