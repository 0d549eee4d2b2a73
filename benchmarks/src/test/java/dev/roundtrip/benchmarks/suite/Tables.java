package dev.roundtrip.benchmarks.suite;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Prints the 20 slowest tests of a build, and those that were skipped with the reason. The build starts it when all
 * tests are through.
 */
final class Tables {
    private static final int SLOWEST = 20;

    private Tables() {}

    /** @param arguments the repository, when the build began (as in ISO 8601), and {@code forbidden} where a skipped
     * test fails the build
     */
    public static void main(String[] arguments) throws IOException {
        List<Outcome> outcomes = Reports.read(Path.of(arguments[0]), Instant.parse(arguments[1]));
        lines(outcomes).forEach(System.out::println);
        if (arguments[2].equals("forbidden") && outcomes.stream().anyMatch(outcome -> outcome.skipped() != null)) {
            System.err.println("Tests were skipped, which -Droundtrip.skips=forbidden forbids: see the table above.");
            System.exit(1);
        }
    }

    static List<String> lines(List<Outcome> outcomes) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("The slowest of " + outcomes.size() + " tests:");
        outcomes.stream()
                .sorted(Comparator.comparingDouble(Outcome::seconds).reversed())
                .limit(SLOWEST)
                .map(outcome -> String.format(Locale.ROOT, "%8.1f s  %s", outcome.seconds(), outcome.name()))
                .forEach(lines::add);
        Map<String, List<String>> skipped = skipped(outcomes);
        lines.add("");
        lines.add(skipped.isEmpty() ? "No test was skipped." : "Skipped, and why:");
        skipped.forEach((why, names) -> {
            lines.add("  " + why);
            names.forEach(name -> lines.add("      " + name));
        });
        lines.add("");
        return lines;
    }

    private static Map<String, List<String>> skipped(List<Outcome> outcomes) {
        Map<String, List<String>> skipped = new TreeMap<>();
        for (Outcome outcome : outcomes) {
            @Nullable String why = outcome.skipped();
            if (why != null) {
                skipped.computeIfAbsent(reason(why), any -> new ArrayList<>()).add(outcome.name());
            }
        }
        return skipped;
    }

    private static String reason(String message) {
        String reason = message.lines()
                .findFirst()
                .orElse("")
                .replaceFirst("^(org\\.opentest4j\\.TestAbortedException: )?(Assumption failed: )?", "");
        return reason.isBlank() ? "no reason is given" : reason;
    }
}
