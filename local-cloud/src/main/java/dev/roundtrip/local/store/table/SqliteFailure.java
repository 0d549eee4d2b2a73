package dev.roundtrip.local.store.table;

import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite says, for a person. */
final class SqliteFailure {
    /** A result code's last byte is its kind, the others tell more. */
    private static final int KIND = 0xFF;

    private SqliteFailure() {}

    static StoreException of(Path file, SQLException failed) {
        return new StoreException(sentence(file, kind(failed)), failed);
    }

    /** Whether the connection may go on after it, because it concerns one statement. */
    static boolean isOfStatement(SQLException failed) {
        int kind = kind(failed);
        return kind == SQLiteErrorCode.SQLITE_FULL.code || kind == SQLiteErrorCode.SQLITE_TOOBIG.code;
    }

    private static int kind(SQLException failed) {
        return failed instanceof SQLiteException known
                ? known.getResultCode().code & KIND
                : failed.getErrorCode() & KIND;
    }

    private static String sentence(Path file, int kind) {
        if (kind == SQLiteErrorCode.SQLITE_FULL.code) {
            return "cannot write " + file + ": the disk is full; make room, then try again";
        }
        if (kind == SQLiteErrorCode.SQLITE_IOERR.code) {
            return "cannot read or write " + file + ": the disk fails or is full; mend that, then try again";
        }
        if (kind == SQLiteErrorCode.SQLITE_CORRUPT.code || kind == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return file + " is damaged: put a copy in its place, move it away, or give another directory with --state";
        }
        if (kind == SQLiteErrorCode.SQLITE_BUSY.code) {
            return file + " is used by another process: end that one, then try again";
        }
        if (kind == SQLiteErrorCode.SQLITE_READONLY.code
                || kind == SQLiteErrorCode.SQLITE_CANTOPEN.code
                || kind == SQLiteErrorCode.SQLITE_PERM.code) {
            return "cannot open " + file + " for writing; mend that, or give another directory with --state";
        }
        if (kind == SQLiteErrorCode.SQLITE_TOOBIG.code) {
            return "cannot write " + file + ": a row is too large";
        }
        return "cannot read or write " + file + "; mend that, or give another directory with --state";
    }
}
