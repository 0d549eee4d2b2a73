package dev.roundtrip.device.responder;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.store.HaltingJournal;
import dev.roundtrip.device.store.Journal;
import dev.roundtrip.protocol.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** The process of a device whose power is cut at one point: takes one request, publishes to a file, ends. */
final class CutDevice {
    private CutDevice() {}

    /** @param arguments the directory, the point, and at which time it is meant */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        String point = arguments[1];
        int time = Integer.parseInt(arguments[2]);
        CountDownLatch answered = new CountDownLatch(1);
        CommandHandler handler = command -> Decision.run((request, call) -> {
            haltAt("METHOD_BEGINS", point);
            write(directory.resolve("effects"), "done\n");
            haltAt("METHOD_ENDS", point);
            return JsonText.string("done");
        });
        try (Journal journal =
                HaltingJournal.open(directory.resolve("lamp.journal"), Desk.LAMP, inJournal(point), time)) {
            Responder.Environment environment = new Responder.Environment(
                    DeviceClock.system(),
                    answer -> {
                        haltAt("BEFORE_PUBLISH", point);
                        write(directory.resolve("answers"), new String(answer.payload(), UTF_8) + "\n");
                        haltAt("PUBLISHED", point);
                        answered.countDown();
                    },
                    event -> {});
            try (Responder responder =
                    Responder.with(journal, Desk.LAMP, Rules.of(Limits.DEFAULT), handler, environment)) {
                responder.deliver(
                        Request.of("work").sequence(1).key("order-1").delivery(Instant.now(), Duration.ofMinutes(1)));
                answered.await();
            }
        }
    }

    private static HaltingJournal.Point inJournal(String point) {
        return Stream.of(HaltingJournal.Point.values())
                .filter(one -> one.name().equals(point))
                .findFirst()
                .orElse(HaltingJournal.Point.NEVER);
    }

    private static void haltAt(String here, String point) {
        if (here.equals(point)) {
            Runtime.getRuntime().halt(9);
        }
    }

    private static void write(Path file, String line) {
        try {
            Files.writeString(
                    file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.DSYNC);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
