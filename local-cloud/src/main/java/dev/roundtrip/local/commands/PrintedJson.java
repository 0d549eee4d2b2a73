package dev.roundtrip.local.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.cli.Printable;
import java.util.stream.Collectors;

/** JSON for standard output, which may be a terminal. */
final class PrintedJson {
    private PrintedJson() {}

    /** In one line. */
    static String line(JsonNode value) {
        return Printable.of(value.toString());
    }

    /** In a line for each member. */
    static String lines(JsonNode value) {
        return value.toPrettyString().lines().map(Printable::of).collect(Collectors.joining("\n"));
    }
}
