package dev.roundtrip.device.responder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.device.method.ManualClock;
import dev.roundtrip.device.store.CutDisk;
import dev.roundtrip.device.store.Journal;
import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MalformedMessageException;
import dev.roundtrip.protocol.MessageId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** The power is cut at any operation of the disk, and writes fail: each key runs once at most, and what began before a
 * cut and was not told to have ended is {@code interrupted}.
 */
class PowerCutTest {
    private static final int KEYS = 6;
    private static final int LIVES = 5;

    /** What the world knows of a key. */
    private static final class Truth {
        /** The life in which its method had its effect. */
        @Nullable Integer ranIn;

        @Nullable String token;

        boolean wasToldOk;
        boolean wasToldInterrupted;
    }

    /** One device over several lives, each of which ends with a power cut. */
    private static final class World implements AutoCloseable {
        final Random random;
        final CutDisk disk;
        final Path directory;
        final ManualClock clock = new ManualClock();
        final Map<String, Truth> truths = new HashMap<>();
        final Map<MessageId, Request> sent = new ConcurrentHashMap<>();
        final List<String> lies = new ArrayList<>();
        /** Those who are asked and have not answered yet. */
        final Phaser open = new Phaser(1);

        int life;
        /** Whether a write may fail in this life, or could in an earlier one. */
        boolean mayFail;

        boolean couldFail;

        World(long seed) throws IOException {
            random = new Random(seed);
            disk = new CutDisk(seed);
            directory = Files.createTempDirectory("cut");
            for (int key = 0; key < KEYS; key++) {
                truths.put("key-" + key, new Truth());
            }
        }

        void live() throws IOException, InterruptedException {
            disk.restart();
            life++;
            int mine = life;
            mayFail = life < LIVES && random.nextInt(3) == 0;
            couldFail |= mayFail;
            if (life < LIVES && random.nextInt(8) == 0) {
                disk.cutAfter(random.nextInt(6));
            }
            try (Journal journal = disk.journal(directory, Desk.LAMP, lies::add);
                    Responder responder = Responder.with(
                            journal,
                            Desk.LAMP,
                            Rules.of(Limits.DEFAULT),
                            command -> Decision.run((request, call) -> run(mine, call.id())),
                            new Responder.Environment(clock, this::publish, this::heard))) {
                if (life < LIVES) {
                    if (mayFail) {
                        disk.failAfter(random.nextInt(30));
                    }
                    disk.cutAfter(random.nextInt(60));
                }
                for (int i = 0; i < 30; i++) {
                    Request request = Request.of("key-" + random.nextInt(KEYS));
                    ask(responder, random.nextInt(3) == 0 ? request.sequence(sent.size() + 1) : request);
                }
                for (String key : truths.keySet()) {
                    ask(responder, Request.of(key));
                }
                open.arriveAndAwaitAdvance();
            } catch (IOException cutAtTheStart) {
                assertThat(disk.doIfPowered(() -> {})).as("%s", cutAtTheStart).isFalse();
            }
        }

        private void ask(Responder responder, Request withoutKey) {
            Request request = withoutKey.key(withoutKey.method());
            sent.put(request.id(), request);
            open.register();
            responder.deliver(request.delivery(clock.now(), Duration.ofSeconds(10)));
        }

        private JsonText run(int mine, MessageId id) throws InterruptedException {
            Truth truth = truth(request(id));
            String token = "run " + id;
            boolean hasPower = disk.doIfPowered(() -> {
                if (truth.ranIn != null) {
                    lies.add(request(id).method() + " ran twice");
                }
                truth.ranIn = mine;
                truth.token = token;
            });
            if (!hasPower) {
                throw new InterruptedException("no power");
            }
            return JsonText.string(token);
        }

        private Truth truth(Request request) {
            return Objects.requireNonNull(truths.get(request.method()));
        }

        private Request request(MessageId id) {
            return Objects.requireNonNull(sent.get(id));
        }

        private void publish(Answer answer) {
            MessageId id = MessageId.of(answer.topic().toString().split("/", -1)[1]);
            disk.doIfPowered(() -> judge(request(id), answer));
        }

        private void judge(Request request, Answer answer) {
            Truth truth = truth(request);
            try {
                switch (AnswerMessage.decode(answer.payload())) {
                    case AnswerMessage.Answered ok -> {
                        truth.wasToldOk = true;
                        require(ok.response().tree().asText().equals(truth.token), request, ok);
                        require(!truth.wasToldInterrupted, request, ok);
                    }
                    case AnswerMessage.Failed failed -> {
                        truth.wasToldInterrupted = true;
                        require(failed.error().code().equals("interrupted"), request, failed);
                        // Begun was written, and then perhaps there was no power left for the effect.
                        require(truth.ranIn == null || truth.ranIn < life, request, failed);
                        require(!truth.wasToldOk || couldFail, request, failed);
                    }
                    case AnswerMessage.Refused refused -> require(isTrue(refused.refusal(), request), request, refused);
                }
            } catch (MalformedMessageException malformed) {
                lies.add(String.valueOf(malformed));
            }
        }

        private boolean isTrue(DeviceRefusal refusal, Request request) {
            return switch (refusal.code()) {
                case "storage" -> mayFail;
                case DeviceRefusal.OUT_OF_SEQUENCE -> request.order() != null;
                default -> false;
            };
        }

        private void require(boolean holds, Request request, AnswerMessage answer) {
            if (!holds) {
                lies.add(request + ": " + answer);
            }
        }

        private void heard(CommandEvent event) {
            switch (event) {
                case CommandEvent.Answered answered -> open.arriveAndDeregister();
                case CommandEvent.Unanswered unanswered -> open.arriveAndDeregister();
                case CommandEvent.Received received -> {}
                case CommandEvent.Ran ran -> {}
                case CommandEvent.Repeated repeated -> {}
                case CommandEvent.Refused refused -> {}
                case CommandEvent.Discarded discarded -> lies.add(discarded.reason());
            }
        }

        @Override
        public void close() throws IOException {
            Files.deleteIfExists(directory.resolve("lamp.journal.lock"));
            Files.deleteIfExists(directory);
        }
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void each_key_runs_once_at_most_and_what_was_cut_off_is_interrupted(@ForAll long seed) throws Exception {
        try (World world = new World(seed)) {
            for (int life = 0; life < LIVES; life++) {
                world.live();
            }

            assertThat(world.lies).isEmpty();
            // In the last life nothing failed, so that each key has come to its end.
            assertThat(world.truths.values()).allMatch(truth -> truth.wasToldOk || truth.wasToldInterrupted);
        }
    }
}
