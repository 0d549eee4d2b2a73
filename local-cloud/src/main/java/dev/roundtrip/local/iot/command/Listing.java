package dev.roundtrip.local.iot.command;

import dev.roundtrip.local.store.table.Keys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Keys of rows that list others by time, in both orders. */
final class Listing {

    /** The order of a list. */
    enum Order {
        ASCENDING,
        DESCENDING;

        private String of(Instant time) {
            long millis = Math.max(0, time.toEpochMilli());
            return Keys.number(this == ASCENDING ? millis : Long.MAX_VALUE - millis);
        }
    }

    private Listing() {}

    /** The keys of one entry.
     *
     * @param list names the list
     * @param entry the key of the row that is listed
     */
    static List<String> keys(String list, Instant time, String entry) {
        List<String> keys = new ArrayList<>();
        for (Order order : Order.values()) {
            keys.add(prefix(list, order) + order.of(time) + '\0' + entry);
        }
        return keys;
    }

    /** The beginning of the keys of a list. */
    static String prefix(String list, Order order) {
        return list + '\0' + Keys.prefix(order.name());
    }

    /** The key of the row that a key lists. */
    static String entry(String list, Order order, String key) {
        String rest = key.substring(prefix(list, order).length());
        return rest.substring(rest.indexOf('\0') + 1);
    }
}
