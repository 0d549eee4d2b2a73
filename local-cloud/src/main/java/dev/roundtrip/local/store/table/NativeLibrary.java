package dev.roundtrip.local.store.table;

import dev.roundtrip.local.store.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.sqlite.SQLiteJDBCLoader;

/** SQLite itself, which the JDBC driver unpacks to a file and loads, once in a process. */
final class NativeLibrary {
    private static final String PLACE = "org.sqlite.tmpdir";

    private static boolean loaded;

    private NativeLibrary() {}

    /** Loads it from a private directory that is gone afterwards: the system needs the file only while it loads it. The
     * driver would leave it in the directory for temporary files when the process is killed.
     *
     * @param parent where the private directory is made
     * @throws IOException when it cannot be unpacked or loaded
     */
    static synchronized void load(Path parent) throws IOException {
        if (loaded) {
            return;
        }
        if (System.getProperty(PLACE) != null) {
            initialize();
        } else {
            PrivateFiles.withDirectory(parent, directory -> {
                System.setProperty(PLACE, directory.toString());
                try {
                    initialize();
                } finally {
                    System.clearProperty(PLACE);
                }
            });
        }
        loaded = true;
    }

    private static void initialize() throws IOException {
        try {
            var unused = SQLiteJDBCLoader.initialize();
        } catch (IOException failed) {
            throw failed;
        } catch (Exception failed) {
            throw new IOException(failed);
        }
    }
}
