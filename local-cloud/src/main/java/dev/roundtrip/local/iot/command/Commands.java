package dev.roundtrip.local.iot.command;

import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.command.CommandRows.Found;
import dev.roundtrip.local.iot.command.Listing.Order;
import dev.roundtrip.local.iot.configuration.Tags;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import dev.roundtrip.local.time.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The commands that there are. Thread-safe. */
final class Commands {
    /** How long a command stays that is deleted: as long as the longest execution.
     *
     * <p>Source: {@code DeleteCommandResponse} of service model {@code iot-2015-05-28}.
     */
    static final Duration DELETION = Duration.ofHours(12);

    private final CommandEnvironment around;
    private final Timetable<CommandTask> timetable;

    Commands(CommandEnvironment around, Timetable<CommandTask> timetable) {
        this.around = around;
        this.timetable = timetable;
    }

    private TableStore store() {
        return around.store();
    }

    /** Makes a command.
     *
     * @throws Refusal when there is one of this id, there are too many, or the tags are too many
     */
    void create(Command command, String arn, Map<String, String> tags) throws Refusal {
        store().<Boolean, Refusal>write(rows -> {
            if (CommandRows.find(rows, command.id()).isPresent()) {
                throw new Refusal(ErrorType.CONFLICT, "there is a command of this id");
            }
            if (CommandRows.count(rows) >= OpenFacts.MAX_COMMANDS) {
                throw new Refusal(
                        ErrorType.SERVICE_QUOTA_EXCEEDED,
                        "an account has at most " + OpenFacts.MAX_COMMANDS + " commands");
            }
            CommandRows.add(rows, command);
            Tags.put(rows, arn, tags);
            return true;
        });
    }

    /** @throws Refusal when there is none */
    Command get(String id) throws Refusal {
        return store().<Command, Refusal>read(rows -> CommandRows.find(rows, id).orElseThrow(Commands::missing));
    }

    static Refusal missing() {
        return new Refusal(ErrorType.RESOURCE_NOT_FOUND, "there is no command of this id");
    }

    Found<Command> list(Order order, String after, int most, Predicate<Command> wanted) {
        return store().read(rows -> CommandRows.page(rows, order, after, most, wanted));
    }

    /** Changes a command.
     *
     * @throws Refusal when there is none, or it is being deleted
     */
    Command update(String id, UnaryOperator<Command> change) throws Refusal {
        return store().<Command, Refusal>write(rows -> {
            Command before = CommandRows.find(rows, id).orElseThrow(Commands::missing);
            if (before.isPendingDeletion()) {
                throw new Refusal(ErrorType.CONFLICT, "the command is being deleted");
            }
            Command after = change.apply(before);
            CommandRows.put(rows, after);
            return after;
        });
    }

    /** Deletes a command that was deprecated for so long that no execution can run, and no command at all; else has it
     * deleted later.
     *
     * @return whether it is gone
     */
    boolean delete(String id, String arn) {
        Instant now = around.clock().instant();
        Instant later = now.plus(DELETION);
        boolean gone = store().write(rows -> {
            Command found = CommandRows.find(rows, id).orElse(null);
            if (found == null) {
                return true;
            }
            Instant deprecated = found.deprecatedAt();
            if (deprecated != null && !deprecated.plus(DELETION).isAfter(now)) {
                remove(rows, found, arn);
                return true;
            }
            if (!found.isPendingDeletion()) {
                CommandRows.put(rows, found.deleted(now));
                timetable.put(rows, later, CommandTask.FORGET_COMMAND, id);
            }
            return false;
        });
        if (!gone) {
            timetable.watch(later);
        }
        return gone;
    }

    /** Removes a command whose deletion was asked for so long ago. */
    void forget(String id, String arn) {
        store().write(rows -> {
            CommandRows.find(rows, id).filter(Command::isPendingDeletion).ifPresent(old -> remove(rows, old, arn));
            return true;
        });
    }

    private void remove(Transaction rows, Command command, String arn) {
        CommandRows.remove(rows, command);
        Tags.clear(rows, arn);
        Instant deleted = command.deletedAt();
        if (deleted != null) {
            timetable.remove(rows, deleted.plus(DELETION), CommandTask.FORGET_COMMAND, command.id());
        }
    }
}
