package dev.roundtrip.local.store.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteTablesTest extends TableStoreContract {
    @TempDir
    private Path directory;

    @Override
    TableStore open() {
        return SqliteTables.at(file());
    }

    private Path file() {
        return directory.resolve("services.db");
    }

    @Test
    void rows_are_there_after_the_store_was_closed() {
        put(THINGS, "a", "one");
        store().close();

        try (TableStore again = SqliteTables.at(file())) {
            assertThat(read(again, "a")).isEqualTo("one");
        }
    }

    @Test
    void second_store_sees_what_the_first_wrote_and_may_write_too() {
        put(THINGS, "a", "one");

        try (TableStore other = SqliteTables.at(file())) {
            write(other, "b");
            assertThat(read(other, "a")).isEqualTo("one");
        }

        assertThat(keys(THINGS, "", "", 10)).containsExactly("a", "b");
    }

    @Test
    void store_that_is_only_read_makes_no_file() throws IOException {
        assertThat(get(THINGS, "a")).isEmpty();
        assertThat(keys(THINGS, "", "", 10)).isEmpty();
        store().close();

        assertThat(names()).isEmpty();
    }

    @Test
    void all_files_are_private_and_one_remains_after_close() throws IOException {
        put(THINGS, "a", "one");

        assertThat(names()).containsExactlyInAnyOrder("services.db", "services.db-wal", "services.db-shm");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
        store().close();
        assertThat(names()).containsExactly("services.db");
    }

    @Test
    void file_that_others_could_read_becomes_private() throws IOException {
        Files.createFile(file(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));

        put(THINGS, "a", "one");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void directory_may_have_any_name() throws IOException {
        Path strange = Files.createDirectory(directory.resolve("a?b #c %20 é&mode=memory"));

        try (TableStore tables = SqliteTables.at(strange.resolve("services.db"))) {
            write(tables, "a");
        }

        assertThat(strange.resolve("services.db")).isNotEmptyFile();
    }

    @Test
    void library_leaves_no_file_behind() throws IOException {
        put(THINGS, "a", "one");

        assertThat(names()).noneMatch(name -> name.contains("jdbc") || name.startsWith(".unfinished"));
        try (Stream<Path> temporary = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            String mine = String.valueOf(ProcessHandle.current().pid());
            assertThat(temporary.map(file -> file.getFileName().toString()))
                    .as("of " + mine)
                    .noneMatch(name -> name.startsWith("sqlite-"));
        }
    }

    @Test
    void file_of_a_newer_version_is_refused_and_stays_as_it_is() throws IOException {
        put(THINGS, "a", "one");
        store().close();
        List<Migrations.Migration> more = Stream.concat(
                        Migrations.KNOWN.all().stream(),
                        Stream.of(new Migrations.Migration(List.of("CREATE TABLE further (id INTEGER)"))))
                .toList();
        try (TableStore newer = SqliteTables.at(file(), new Migrations(more))) {
            write(newer, "b");
        }
        byte[] before = Files.readAllBytes(file());

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> SqliteTables.at(file()))
                .withMessageContaining(
                        "written by a newer version of Roundtrip (its schema is 2, this version knows 1)");

        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    void migration_keeps_the_rows_and_is_applied_once() {
        put(THINGS, "a", "one");
        store().close();
        Migrations renamed = with("UPDATE entries SET table_name = 'jobs'", "CREATE TABLE once (id INTEGER)");

        for (int i = 0; i < 2; i++) {
            try (TableStore newer = SqliteTables.at(file(), renamed)) {
                assertThat(newer.<Boolean, RuntimeException>read(
                                rows -> rows.get(JOBS, "a").isPresent()))
                        .isTrue();
            }
        }
    }

    @Test
    void migration_that_fails_changes_nothing() {
        put(THINGS, "a", "one");
        store().close();
        Migrations broken = with("UPDATE entries SET table_name = 'jobs'", "CREATE NONSENSE");

        try (TableStore newer = SqliteTables.at(file(), broken)) {
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> read(newer, "a"));
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> write(newer, "b"));
        }

        try (TableStore same = SqliteTables.at(file())) {
            assertThat(read(same, "a")).isEqualTo("one");
        }
    }

    @Test
    void file_that_is_no_database_is_refused() throws IOException {
        Files.writeString(file(), "x".repeat(5_000));

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> SqliteTables.at(file()))
                .withMessageContaining("is no database");
    }

    @Test
    void damaged_file_is_refused_with_a_sentence() throws IOException {
        put(THINGS, "a", "one");
        store().close();
        byte[] bytes = Files.readAllBytes(file());
        for (int i = 100; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        Files.write(file(), bytes);

        try (TableStore damaged = SqliteTables.at(file())) {
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> read(damaged, "a"))
                    .withMessageContaining("is damaged");
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> write(damaged, "a"))
                    .withMessageContaining("is damaged");
        }
    }

    @Test
    void directory_in_the_place_of_the_file_is_refused_with_a_sentence() throws IOException {
        Files.createDirectory(file());

        try (TableStore tables = SqliteTables.at(file())) {
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> write(tables, "a"))
                    .withMessageContaining(file().toString());
        }
    }

    private static Migrations with(String... statements) {
        return new Migrations(
                Stream.concat(Migrations.KNOWN.all().stream(), Stream.of(new Migrations.Migration(List.of(statements))))
                        .toList());
    }

    private static String read(TableStore store, String key) {
        return store.read(rows ->
                rows.get(THINGS, key).map(bytes -> new String(bytes, UTF_8)).orElse("none"));
    }

    private static void write(TableStore store, String key) {
        store.write(transaction -> {
            transaction.put(THINGS, key, "of another".getBytes(UTF_8));
            return true;
        });
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }
}
