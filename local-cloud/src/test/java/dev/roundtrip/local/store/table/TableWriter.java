package dev.roundtrip.local.store.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A process that writes to a store until it is killed, or until the store refuses. Each transaction writes the same
 * number to both tables; what was acknowledged is printed.
 */
final class TableWriter {
    static final Table EVENS = new Table("evens");
    static final Table ODDS = new Table("odds");
    private static final int THREADS = 4;
    private static final int LARGE = 4_000;

    private TableWriter() {}

    /** Arguments: the file, the first number, and {@code kill} or {@code full}. */
    public static void main(String[] arguments) {
        Path file = Path.of(arguments[0]);
        int first = Integer.parseInt(arguments[1]);
        if (arguments[2].equals("full")) {
            fillUp(file);
        } else {
            writeForEver(file, first);
        }
    }

    private static void writeForEver(Path file, int first) {
        TableStore store = SqliteTables.at(file);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int thread = 0; thread < THREADS; thread++) {
                int mine = thread;
                threads.execute(() -> {
                    for (int number = first + mine; ; number += THREADS) {
                        write(store, number, String.valueOf(number));
                        say(String.valueOf(number));
                    }
                });
            }
        }
    }

    /** Writes until there is no room, makes room, and writes again. */
    private static void fillUp(Path file) {
        try (TableStore store = SqliteTables.at(file)) {
            String large = "x".repeat(LARGE);
            int number = 0;
            try {
                while (true) {
                    write(store, number, large);
                    number++;
                }
            } catch (StoreException full) {
                say("refused after " + number + ": " + full.getMessage());
            }
            for (int i = 0; i < number / 2; i++) {
                delete(store, i);
            }
            write(store, number, large);
            say("written " + number);
        }
    }

    private static void write(TableStore store, int number, String value) {
        String key = key(number);
        boolean unused = store.write(rows -> {
            rows.put(EVENS, key, value.getBytes(UTF_8));
            rows.put(ODDS, key, value.getBytes(UTF_8));
            return true;
        });
    }

    private static void delete(TableStore store, int number) {
        boolean unused = store.write(rows -> {
            rows.delete(EVENS, key(number));
            rows.delete(ODDS, key(number));
            return true;
        });
    }

    static String key(int number) {
        return "%08d".formatted(number);
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
