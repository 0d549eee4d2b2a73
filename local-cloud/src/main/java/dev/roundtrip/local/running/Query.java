package dev.roundtrip.local.running;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The query of a request. Immutable. */
public final class Query {
    public static final Query EMPTY = new Query(List.of());

    private final List<String> pairs;

    private Query(List<String> pairs) {
        this.pairs = pairs;
    }

    /** The same with one more parameter; unchanged when the value is null. */
    public Query with(String name, @Nullable String value) {
        if (value == null) {
            return this;
        }
        List<String> more = new ArrayList<>(pairs);
        more.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        return new Query(List.copyOf(more));
    }

    /** The same with a parameter that is {@code true}, when it is. */
    public Query with(String name, boolean value) {
        return value ? with(name, "true") : this;
    }

    /** With a question mark where there are parameters. */
    @Override
    public String toString() {
        return pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
    }
}
