package dev.roundtrip.benchmarks.coldstart;

import dev.roundtrip.benchmarks.report.Machine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Starts every variant once in each round, so that whatever changes on the machine meanwhile meets all of them. */
final class Rounds {
    private final FunctionStarter starter;
    private final Consumer<String> progress;

    /** @param progress told what happens, one line each */
    Rounds(FunctionStarter starter, Consumer<String> progress) {
        this.starter = starter;
        this.progress = progress;
    }

    /** Measures.
     *
     * @param warmUp how many rounds are made before, and not counted
     * @throws IOException when a start fails
     */
    ColdStartReport run(List<Variant> variants, int warmUp, int rounds) throws IOException, InterruptedException {
        Map<Variant, List<Start>> starts = new LinkedHashMap<>();
        variants.forEach(variant -> starts.put(variant, new ArrayList<>()));
        for (int i = 0; i < warmUp; i++) {
            progress.accept("warm-up " + (i + 1) + " of " + warmUp);
            starter.start(Variant.DEPLOYED);
        }
        for (Variant variant : variants) {
            progress.accept("preparing: " + variant.name());
            // What it shall find prepared is made here, outside of the rounds.
            starter.start(variant);
        }
        for (int round = 1; round <= rounds; round++) {
            progress.accept("round " + round + " of " + rounds);
            for (Map.Entry<Variant, List<Start>> measured : starts.entrySet()) {
                measured.getValue().add(starter.start(measured.getKey()));
            }
        }
        return new ColdStartReport(Machine.now(), starts);
    }
}
