package dev.roundtrip.local.store.table;

import java.util.regex.Pattern;

/** A table of a {@link TableStore}. Immutable.
 *
 * @param name lower-case letters and underscores, at most 40 characters; unique in a store
 */
public record Table(String name) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z_]{0,39}");

    public Table {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a table's name has lower-case letters and underscores: " + name);
        }
    }
}
