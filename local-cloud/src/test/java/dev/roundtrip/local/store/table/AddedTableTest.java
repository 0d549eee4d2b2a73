package dev.roundtrip.local.store.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables that CONTRIBUTING.md adds, as they stand there, in a file. */
class AddedTableTest {
    private static final Path CONTRIBUTING = Path.of("../CONTRIBUTING.md");
    private static final Path THIS = Path.of("src/test/java/dev/roundtrip/local/store/table/AddedTableTest.java");

    // example: the tables
    /** Notes about things, each with a title that no other note of the thing has. Thread-safe. */
    static final class Notes {
        private static final Table NOTES = new Table("notes");
        private static final Table COUNTS = new Table("note_counts");
        private static final int MOST = 100;

        private final TableStore tables;

        Notes(TableStore tables) {
            this.tables = tables;
        }

        /** @throws IOException when the thing has this note, or as many as it may have */
        void add(String thing, String title, String text) throws IOException {
            boolean unused = tables.write(rows -> {
                int count = rows.get(COUNTS, thing)
                        .map(bytes -> Integer.parseInt(new String(bytes, UTF_8)))
                        .orElse(0);
                if (count == MOST || rows.get(NOTES, Keys.of(thing, title)).isPresent()) {
                    throw new IOException("there is such a note, or no room");
                }
                rows.put(NOTES, Keys.of(thing, title), text.getBytes(UTF_8));
                rows.put(COUNTS, thing, String.valueOf(count + 1).getBytes(UTF_8));
                return true;
            });
        }

        /** The titles of a thing's notes after one of them, in order; empty for the first page. */
        List<String> titles(String thing, String after, int most) {
            String last = after.isEmpty() ? "" : Keys.of(thing, after);
            return tables.read(rows -> rows.page(NOTES, Keys.prefix(thing), last, most).stream()
                    .map(row -> Keys.part(row.key(), 1))
                    .toList());
        }
    }
    // end

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private TableStore open() {
        return SqliteTables.at(directory.resolve("services.db"));
    }

    @Test
    void notes_are_there_after_the_store_was_closed() throws IOException {
        try (TableStore store = open()) {
            new Notes(store).add("pump-1", "oil", "changed in May");
            new Notes(store).add("pump-1", "belt", "is worn");
            new Notes(store).add("pump-10", "oil", "none");
        }
        try (TableStore store = open()) {
            Notes notes = new Notes(store);
            assertThat(notes.titles("pump-1", "", 10)).containsExactly("belt", "oil");
            assertThat(notes.titles("pump-1", "belt", 10)).containsExactly("oil");
        }
    }

    @Test
    void note_that_is_refused_changes_nothing() throws IOException {
        try (TableStore store = open()) {
            Notes notes = new Notes(store);
            notes.add("pump-1", "oil", "changed in May");

            assertThatExceptionOfType(IOException.class).isThrownBy(() -> notes.add("pump-1", "oil", "again"));

            assertThat(notes.titles("pump-1", "", 10)).containsExactly("oil");
        }
    }

    @Test
    void example_stands_in_the_guide_as_it_is_compiled() throws IOException {
        String guide = Files.readString(CONTRIBUTING).replaceAll("(?m)^ +", "");

        for (String part : Files.readString(THIS).split("// example: ", -1)) {
            if (part.contains("// end") && !part.startsWith("\"")) {
                String code = part.substring(part.indexOf('\n') + 1, part.indexOf("// end"))
                        .replaceAll("(?m)^ +", "");
                assertThat(guide).contains(code.strip());
            }
        }
    }
}
