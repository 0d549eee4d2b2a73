package dev.roundtrip.local.api;

import dev.roundtrip.local.http.RequestTarget;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters of a query. Immutable. */
final class Parameters {
    private static final int MAX_LENGTH = 512;
    private static final int MAX_VALUES = 64;

    private final Map<String, List<String>> values;

    /** @param known the names that there may be
     * @throws Refusal when there is another, or too much
     */
    Parameters(String query, Set<String> known) throws Refusal {
        values = RequestTarget.parameters(query);
        for (Map.Entry<String, List<String>> each : values.entrySet()) {
            if (!known.contains(each.getKey())) {
                throw Refusal.invalid(
                        known.isEmpty()
                                ? "there are no parameters here"
                                : "the parameters are "
                                        + String.join(
                                                ", ", known.stream().sorted().toList()));
            }
            if (each.getValue().size() > MAX_VALUES
                    || each.getValue().stream().anyMatch(value -> value.length() > MAX_LENGTH)) {
                throw Refusal.invalid(each.getKey() + " may be given " + MAX_VALUES + " times with at most "
                        + MAX_LENGTH + " characters");
            }
        }
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** Null when it is absent. */
    @Nullable String text(String name) throws Refusal {
        List<String> all = all(name);
        if (all.size() > 1) {
            throw Refusal.invalid(name + " is given twice");
        }
        return all.isEmpty() ? null : all.getFirst();
    }

    boolean flag(String name) throws Refusal {
        return switch (text(name)) {
            case null -> false;
            case "true" -> true;
            case "false" -> false;
            default -> throw Refusal.invalid(name + " must be true or false");
        };
    }

    long number(String name, long absent, long least, long most) throws Refusal {
        String text = text(name);
        if (text == null) {
            return absent;
        }
        long number = text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
        if (number < least || number > most) {
            throw Refusal.invalid(name + " must be a whole number from " + least + " to " + most);
        }
        return number;
    }
}
