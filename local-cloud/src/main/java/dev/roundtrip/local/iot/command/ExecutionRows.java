package dev.roundtrip.local.iot.command;

import dev.roundtrip.local.iot.command.CommandRows.Found;
import dev.roundtrip.local.iot.command.Listing.Order;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.Row;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The rows of executions, of what runs now, of tokens, and of lists. */
final class ExecutionRows {
    private static final Table EXECUTIONS = new Table("command_executions");
    private static final Table RUNNING = new Table("command_executions_running");
    private static final Table TOKENS = new Table("command_execution_tokens");

    /** What was not handed over to the broker; while it is, for a moment, everything. */
    private static final Table UNSENT = new Table("command_executions_unsent");

    private static final Table LISTS = new Table("command_execution_lists");
    private static final byte[] NOTHING = {};

    /** How many rows are looked at for one page; our choice. */
    private static final int MOST_LOOKED_AT = 10_000;

    private static final int UNSENT_PAGE = 1_000;

    /** Which moment a list is about. */
    enum Moment {
        STARTED,
        COMPLETED
    }

    private ExecutionRows() {}

    static Optional<CommandExecution> find(Snapshot rows, ExecutionKey key) {
        return rows.get(EXECUTIONS, key.row()).map(row -> CommandExecution.of(key, row));
    }

    /** The execution that was asked for with a token. */
    static Optional<CommandExecution> ofToken(Snapshot rows, String token) {
        return rows.get(TOKENS, token)
                .map(row -> ExecutionKey.ofRow(new String(row, StandardCharsets.UTF_8)))
                .flatMap(key -> find(rows, key));
    }

    /** How many executions of a device have neither ended nor run out of time; not more than {@code most} are
     * counted.
     */
    static int running(Snapshot rows, CommandTarget target, int most) {
        return rows.page(RUNNING, Keys.prefix(target.kind().name(), target.name()), "", most)
                .size();
    }

    /** Writes an execution, in the place of the same one if there is one. */
    static void put(Transaction rows, CommandExecution execution) {
        String key = execution.key().row();
        rows.put(EXECUTIONS, key, execution.row());
        if (execution.state().isRunning()) {
            rows.put(RUNNING, key, NOTHING);
        } else {
            rows.delete(RUNNING, key);
        }
        if (execution.state() != ExecutionState.CREATED) {
            rows.delete(UNSENT, key);
        }
        if (!execution.request().clientToken().isEmpty()) {
            rows.put(TOKENS, execution.request().clientToken(), key.getBytes(StandardCharsets.UTF_8));
        }
        listed(execution).forEach(listing -> rows.put(LISTS, listing, NOTHING));
    }

    /** Notes that the request of a new execution is to be handed over. */
    static void unsent(Transaction rows, ExecutionKey key) {
        rows.put(UNSENT, key.row(), NOTHING);
    }

    /** Notes that it was handed over. */
    static void sent(Transaction rows, ExecutionKey key) {
        rows.delete(UNSENT, key.row());
    }

    /** Whether nobody noted that it was handed over. */
    static boolean isUnsent(Snapshot rows, ExecutionKey key) {
        return rows.get(UNSENT, key.row()).isPresent();
    }

    /** All executions whose request is to be handed over. */
    static List<ExecutionKey> allUnsent(Snapshot rows) {
        List<ExecutionKey> all = new ArrayList<>();
        List<Row> page = rows.page(UNSENT, "", "", UNSENT_PAGE);
        while (!page.isEmpty()) {
            page.forEach(row -> all.add(ExecutionKey.ofRow(row.key())));
            page = rows.page(UNSENT, "", page.getLast().key(), UNSENT_PAGE);
        }
        return all;
    }

    static void remove(Transaction rows, CommandExecution execution) {
        String key = execution.key().row();
        rows.delete(EXECUTIONS, key);
        rows.delete(RUNNING, key);
        rows.delete(UNSENT, key);
        if (!execution.request().clientToken().isEmpty()) {
            rows.delete(TOKENS, execution.request().clientToken());
        }
        listed(execution).forEach(listing -> rows.delete(LISTS, listing));
    }

    private static List<String> listed(CommandExecution execution) {
        List<String> keys = new ArrayList<>();
        String row = execution.key().row();
        for (String owner : List.of(
                ofCommand(execution.request().commandId()),
                ofTarget(execution.key().target()))) {
            keys.addAll(Listing.keys(list(owner, Moment.STARTED), execution.createdAt(), row));
            Instant completed = execution.completedAt();
            if (completed != null) {
                keys.addAll(Listing.keys(list(owner, Moment.COMPLETED), completed, row));
            }
        }
        return keys;
    }

    /** The list of the executions of a command. */
    static String ofCommand(String commandId) {
        return Keys.of("COMMAND", commandId);
    }

    /** The list of the executions of a target. */
    static String ofTarget(CommandTarget target) {
        return Keys.of(target.kind().name(), target.name());
    }

    private static String list(String owner, Moment moment) {
        return Keys.prefix(moment.name()) + owner;
    }

    /** Which executions a page is of.
     *
     * @param owner see {@link #ofCommand} and {@link #ofTarget}
     */
    record Wanted(String owner, Moment moment, Order order, Predicate<CommandExecution> filter) {}

    /** A page of executions.
     *
     * @param after the key behind which the page begins; empty for the first one
     */
    static Found<CommandExecution> page(Snapshot rows, Wanted wanted, String after, int most) {
        List<CommandExecution> page = new ArrayList<>();
        String list = list(wanted.owner(), wanted.moment());
        String prefix = Listing.prefix(list, wanted.order());
        String last = after;
        int looked = 0;
        while (true) {
            List<Row> next = rows.page(LISTS, prefix, last, most);
            for (Row row : next) {
                find(rows, ExecutionKey.ofRow(Listing.entry(list, wanted.order(), row.key())))
                        .filter(wanted.filter())
                        .ifPresent(page::add);
                last = row.key();
                looked++;
                if (page.size() == most || looked == MOST_LOOKED_AT) {
                    boolean more = !rows.page(LISTS, prefix, last, 1).isEmpty();
                    return new Found<>(page, more ? last : "");
                }
            }
            if (next.size() < most) {
                return new Found<>(page, "");
            }
        }
    }
}
