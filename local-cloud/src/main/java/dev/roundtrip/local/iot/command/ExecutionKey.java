package dev.roundtrip.local.iot.command;

import dev.roundtrip.local.store.table.Keys;

/** Which execution: its id is unique, and it is found together with its target alone. Immutable. */
record ExecutionKey(CommandTarget target, String id) {

    /** The key of its row. */
    String row() {
        return Keys.of(target.kind().name(), target.name(), id);
    }

    /** @param row what {@link #row} made */
    static ExecutionKey ofRow(String row) {
        return ofParts(row, 0);
    }

    /** @param from the first of the key's three parts in a longer one */
    static ExecutionKey ofParts(String key, int from) {
        CommandTarget.Kind kind = CommandTarget.Kind.valueOf(Keys.part(key, from));
        return new ExecutionKey(new CommandTarget(kind, Keys.part(key, from + 1)), Keys.part(key, from + 2));
    }

    /** Where messages about it go. */
    String topic() {
        return "$aws/commands/" + target.kind().level() + '/' + target.name() + "/executions/" + id;
    }
}
