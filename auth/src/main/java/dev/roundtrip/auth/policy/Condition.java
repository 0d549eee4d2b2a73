package dev.roundtrip.auth.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** One test of a statement's {@code Condition}. */
sealed interface Condition {
    /** Whether it holds; a variable without a value makes it fail. */
    boolean holds(PolicyContext context);

    /** Whether a key is known at all.
     *
     * @param wanted which of the two answers the test is for
     */
    record Presence(String key, Wanted wanted) implements Condition {
        /** What the {@code Null} operator asks for. */
        enum Wanted {
            PRESENT,
            MISSING
        }

        @Override
        public boolean holds(PolicyContext context) {
            return context.values(key).isEmpty() == (wanted == Wanted.MISSING);
        }
    }

    /** Whether the values under a key are among those listed. */
    record Comparison(String key, Test test, List<ConditionValue> listed) implements Condition {
        public Comparison {
            listed = List.copyOf(listed);
        }

        @Override
        public boolean holds(PolicyContext context) {
            List<Predicate<String>> patterns = new ArrayList<>();
            for (ConditionValue value : listed) {
                Optional<Predicate<String>> pattern = value.bind(context);
                if (pattern.isEmpty()) {
                    return false;
                }
                patterns.add(pattern.get());
            }
            List<String> values = context.values(key);
            if (values.isEmpty()) {
                return test.missingKey() == MissingKey.HOLDS;
            }
            Predicate<String> passes = value ->
                    patterns.stream().anyMatch(pattern -> pattern.test(value)) == (test.sense() == Sense.LISTED);
            return switch (test.quantifier()) {
                case ANY -> values.stream().anyMatch(passes);
                case ALL -> values.stream().allMatch(passes);
            };
        }
    }

    /** How values are compared: which must pass, whether passing is to be listed, and what a missing key means. */
    record Test(Quantifier quantifier, Sense sense, MissingKey missingKey) {}

    /** How many of a key's values must pass. */
    enum Quantifier {
        ANY,
        ALL
    }

    /** What a test says of a key that is not known. */
    enum MissingKey {
        HOLDS,
        FAILS
    }
}
