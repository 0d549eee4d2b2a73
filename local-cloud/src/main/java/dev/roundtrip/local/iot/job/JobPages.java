package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import dev.roundtrip.local.store.table.Row;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Pages of lists that leave rows out. */
final class JobPages {
    /** How many rows are looked at for one page; our choice. */
    private static final int MAX_LOOKED_AT = 10_000;

    private static final int ROWS = 250;

    private JobPages() {}

    static Page asked(OperationRequest request) throws Refusal {
        return Answered.page(request, "nextToken", "maxResults");
    }

    /** A page, which may be shorter than asked for, and empty, before the list ends.
     *
     * @param prefix with which the keys begin
     * @param entry reads a row; empty to leave it out
     */
    static <T> Listed<T> page(Snapshot rows, Table table, String prefix, Page page, Function<Row, Optional<T>> entry) {
        List<T> found = new ArrayList<>();
        String after = page.after().isEmpty() ? "" : prefix + page.after();
        for (int lookedAt = 0; lookedAt < MAX_LOOKED_AT; lookedAt += ROWS) {
            List<Row> some = rows.page(table, prefix, after, ROWS);
            for (Row row : some) {
                Optional<T> one = entry.apply(row);
                if (one.isPresent()) {
                    if (found.size() == page.most()) {
                        return new Listed<>(found, after.substring(prefix.length()));
                    }
                    found.add(one.get());
                }
                after = row.key();
            }
            if (some.size() < ROWS) {
                return new Listed<>(found, "");
            }
        }
        return new Listed<>(found, after.substring(prefix.length()));
    }
}
