package dev.roundtrip.device.store;

import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.nio.file.Path;

/** A journal that ends the process at one of its points, as a power cut does. */
public final class HaltingJournal {
    private HaltingJournal() {}

    /** The names of the points. */
    public static String[] points() {
        FileJournal.Point[] points = FileJournal.Point.values();
        String[] names = new String[points.length];
        for (int i = 0; i < points.length; i++) {
            names[i] = points[i].name();
        }
        return names;
    }

    /** @param point where the process ends, at the {@code time}th time that it comes there */
    public static Journal open(Path file, Target device, String point, int time) throws IOException {
        int[] left = {time};
        return FileJournal.open(
                file,
                device,
                trouble -> {
                    throw new IllegalStateException(trouble);
                },
                reached -> {
                    if (reached.name().equals(point) && --left[0] == 0) {
                        Runtime.getRuntime().halt(9);
                    }
                });
    }
}
