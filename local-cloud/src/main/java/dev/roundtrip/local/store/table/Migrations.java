package dev.roundtrip.local.store.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What makes a file of this version from one of an earlier version, or from nothing. The number of the last migration
 * that was applied stands in the file's header.
 *
 * @param all the first one makes version 1; one that was released is never changed
 */
record Migrations(List<Migration> all) {

    /** The statements that lead to one version. */
    record Migration(List<String> statements) {
        Migration {
            statements = List.copyOf(statements);
        }
    }

    /** Those of this program. */
    static final Migrations KNOWN = new Migrations(List.of(
            // A row has its key in the tree's page: one search finds it.
            new Migration(List.of("CREATE TABLE entries (table_name TEXT NOT NULL, key BLOB NOT NULL,"
                    + " value BLOB NOT NULL, PRIMARY KEY (table_name, key)) WITHOUT ROWID"))));

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    /** The offset of the number, see SQLite's "Database File Format", 1.3. */
    private static final int VERSION_AT = 60;

    private static final int HEADER = 100;

    Migrations {
        all = List.copyOf(all);
    }

    int version() {
        return all.size();
    }

    /** Those that a file of a version lacks; they make the versions after it, in order. */
    List<Migration> after(int version) {
        return all.subList(version, all.size());
    }

    /** Looks at a file's header, for which SQLite need not be loaded. An empty or absent file is new.
     *
     * @throws StoreException when the file is no database, or one of a newer version
     */
    void check(Path file) {
        byte[] header;
        try (InputStream in = Files.newInputStream(file)) {
            header = in.readNBytes(HEADER);
        } catch (IOException unreadable) {
            // To be said by who reads or writes it.
            return;
        }
        if (header.length == 0) {
            return;
        }
        if (header.length < HEADER || !Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new StoreException(file + " is no database: move it away, or give another directory with --state");
        }
        check(file, ByteBuffer.wrap(header).getInt(VERSION_AT));
    }

    /** @throws StoreException when the version is a newer one */
    void check(Path file, int version) {
        if (version > version()) {
            throw new StoreException(file + " was written by a newer version of Roundtrip (its schema is " + version
                    + ", this version knows " + version() + "): use that version, or give another directory with"
                    + " --state");
        }
    }
}
