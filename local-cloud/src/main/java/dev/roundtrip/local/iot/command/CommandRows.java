package dev.roundtrip.local.iot.command;

import dev.roundtrip.local.iot.command.Listing.Order;
import dev.roundtrip.local.store.table.Row;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The rows of commands. */
final class CommandRows {
    /** What is to be done for commands at a time. */
    static final Table TIMETABLE = new Table("command_timetable");

    private static final Table COMMANDS = new Table("commands");
    private static final Table BY_TIME = new Table("commands_by_time");
    private static final Table COUNTS = new Table("command_counts");
    private static final String ALL = "all";
    private static final byte[] NOTHING = {};

    /** How many rows are looked at for one page; our choice. */
    private static final int MOST_LOOKED_AT = 10_000;

    private CommandRows() {}

    static Optional<Command> find(Snapshot rows, String id) {
        return rows.get(COMMANDS, id).map(row -> Command.of(id, row));
    }

    static int count(Snapshot rows) {
        return rows.get(COUNTS, ALL)
                .map(bytes -> Integer.parseInt(new String(bytes, StandardCharsets.UTF_8)))
                .orElse(0);
    }

    private static void count(Transaction rows, int count) {
        rows.put(COUNTS, ALL, Integer.toString(count).getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a command that is new. */
    static void add(Transaction rows, Command command) {
        put(rows, command);
        Listing.keys(ALL, command.createdAt(), command.id()).forEach(key -> rows.put(BY_TIME, key, NOTHING));
        count(rows, count(rows) + 1);
    }

    /** Writes a command in the place of the same one. */
    static void put(Transaction rows, Command command) {
        rows.put(COMMANDS, command.id(), command.row());
    }

    static void remove(Transaction rows, Command command) {
        rows.delete(COMMANDS, command.id());
        Listing.keys(ALL, command.createdAt(), command.id()).forEach(key -> rows.delete(BY_TIME, key));
        count(rows, count(rows) - 1);
    }

    /** A page of a list.
     *
     * @param next the key behind which the next page begins; empty when this is the last one
     */
    record Found<T>(List<T> entries, String next) {
        Found {
            entries = List.copyOf(entries);
        }
    }

    /** A page of commands, by the time of their creation.
     *
     * @param after the key behind which the page begins; empty for the first one
     */
    static Found<Command> page(Snapshot rows, Order order, String after, int most, Predicate<Command> wanted) {
        List<Command> page = new ArrayList<>();
        String prefix = Listing.prefix(ALL, order);
        String last = after;
        int looked = 0;
        while (true) {
            List<Row> next = rows.page(BY_TIME, prefix, last, most);
            for (Row row : next) {
                find(rows, Listing.entry(ALL, order, row.key())).filter(wanted).ifPresent(page::add);
                last = row.key();
                looked++;
                if (page.size() == most || looked == MOST_LOOKED_AT) {
                    boolean more = !rows.page(BY_TIME, prefix, last, 1).isEmpty();
                    return new Found<>(page, more ? last : "");
                }
            }
            if (next.size() < most) {
                return new Found<>(page, "");
            }
        }
    }
}
