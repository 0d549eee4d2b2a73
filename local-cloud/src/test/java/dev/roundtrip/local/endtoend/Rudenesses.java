package dev.roundtrip.local.endtoend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.local.check.Rule;
import dev.roundtrip.local.endtoend.RudeDevice.Rudeness;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.Route;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** For each rule, what breaks it and no other. */
final class Rudenesses {
    private static final int SMALL = 10_000;

    private Rudenesses() {}

    static Rudeness breaking(Rule rule) {
        return switch (rule) {
            case ANSWERS -> new AnswersTwice();
            // The first repeat comes when its request was answered, later ones while it is at work.
            case REPEATS -> new Forgetful(2, 1);
            // Only BEGUN sends a request more than twice.
            case BEGUN -> new Forgetful(3, Integer.MAX_VALUE);
            case DEADLINE -> new CountsLate();
            case TOPICS -> new TakesAnyTopic();
            case REFUSALS -> new SilentWithoutMethod();
            case KEYS -> new Ignorant(List.of("key", "digest", "keep", "replay"));
            case LANES -> new Ignorant(List.of("sequence", "after", "epoch"));
            case SAMPLE -> new RefusesTheSample();
            case INSTANCE -> new FourLevelsOnly();
            case GARBAGE -> new AnswersGarbage();
            case SIZES -> new SmallBuffers();
            case RECONNECTS -> new SubscribesOnce();
        };
    }

    private record AnswersTwice() implements Rudeness {
        @Override
        public void answer(Answer answer, RudeDevice device) throws TransportException, InterruptedException {
            device.say(answer);
            device.say(answer);
        }
    }

    /** Runs requests again when they come again. */
    private static final class Forgetful implements Rudeness {
        private final int times;
        private final int most;
        private final Map<String, Integer> seen = new HashMap<>();
        private int forgotten;

        /** @param times how often a request must come before it runs again
         * @param most how many requests run again
         */
        Forgetful(int times, int most) {
            this.times = times;
            this.most = most;
        }

        @Override
        public void receive(Delivery delivery, RudeDevice device) throws MalformedJsonException {
            if (seen.merge(delivery.topic(), 1, Integer::sum) == times && forgotten < most) {
                forgotten++;
                device.takeAsNew(delivery);
            } else {
                device.take(delivery);
            }
        }
    }

    /** Its counter has no clock. The rule of refusals asks the other method. */
    private record CountsLate() implements Rudeness {
        @Override
        public void receive(Delivery delivery, RudeDevice device) throws MalformedJsonException {
            if (delivery.topic().contains("/count/")) {
                takeInTime(delivery, device);
            } else {
                device.take(delivery);
            }
        }
    }

    private record TakesAnyTopic() implements Rudeness {
        @Override
        public void receive(Delivery delivery, RudeDevice device) throws MalformedJsonException {
            if (Route.ofRequestTopic(delivery.topic()).isEmpty()) {
                device.takeAsNew(delivery);
            } else {
                device.take(delivery);
            }
        }
    }

    private record SilentWithoutMethod() implements Rudeness {
        @Override
        public void answer(Answer answer, RudeDevice device) throws TransportException, InterruptedException {
            if (!new String(answer.payload(), StandardCharsets.UTF_8).contains("unknown_method")) {
                device.say(answer);
            }
        }
    }

    /** @param members what it does not know */
    private record Ignorant(List<String> members) implements Rudeness {
        @Override
        public void receive(Delivery delivery, RudeDevice device) throws MalformedJsonException {
            if (isObject(delivery)) {
                ObjectNode payload = RudeDevice.payload(delivery);
                payload.remove(members);
                device.take(delivery, payload);
            } else {
                device.take(delivery);
            }
        }
    }

    /** A request without deadline counts as one with a deadline. */
    private record RefusesTheSample() implements Rudeness {
        @Override
        public void receive(Delivery delivery, RudeDevice device) throws MalformedJsonException {
            if (isObject(delivery) && !RudeDevice.payload(delivery).has("deadline")) {
                takeInTime(delivery, device);
            } else {
                device.take(delivery);
            }
        }
    }

    private record FourLevelsOnly() implements Rudeness {
        @Override
        public void receive(Delivery delivery, RudeDevice device) {
            if (delivery.topic().split("/", -1).length == 4) {
                device.take(delivery);
            }
        }
    }

    private record AnswersGarbage() implements Rudeness {
        @Override
        public void receive(Delivery delivery, RudeDevice device) throws Exception {
            if (isObject(delivery)) {
                device.take(delivery);
            } else {
                String id = delivery.topic().split("/", 4)[3];
                device.say(delivery.topic(), Json.object().put("id", id).put("response", "what?"));
            }
        }
    }

    private record SmallBuffers() implements Rudeness {
        @Override
        public void receive(Delivery delivery, RudeDevice device) {
            if (delivery.payload().length < SMALL) {
                device.take(delivery);
            }
        }
    }

    private record SubscribesOnce() implements Rudeness {
        @Override
        public boolean subscribesAgain() {
            return false;
        }
    }

    /** Answers on and on to a request that came three times. */
    static final class Floods implements Rudeness {
        private final Map<String, Integer> seen = new ConcurrentHashMap<>();

        @Override
        public void receive(Delivery delivery, RudeDevice device) {
            seen.merge(delivery.topic().split("/", 4)[3], 1, Integer::sum);
            device.take(delivery);
        }

        @Override
        public void answer(Answer answer, RudeDevice device) throws TransportException, InterruptedException {
            do {
                device.say(answer);
            } while (seen.getOrDefault(answer.topic().value().split("/", 3)[1], 0) >= 3);
        }
    }

    private static void takeInTime(Delivery delivery, RudeDevice device) throws MalformedJsonException {
        ObjectNode payload = RudeDevice.payload(delivery);
        device.take(delivery, payload.put("deadline", System.currentTimeMillis() + 60_000));
    }

    private static boolean isObject(Delivery delivery) {
        try {
            return Json.read(delivery.payload()).isObject();
        } catch (MalformedJsonException garbage) {
            return false;
        }
    }
}
