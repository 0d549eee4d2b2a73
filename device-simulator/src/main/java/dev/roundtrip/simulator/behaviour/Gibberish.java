package dev.roundtrip.simulator.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.roundtrip.device.responder.Command;
import dev.roundtrip.protocol.MessageId;
import java.util.random.RandomGenerator;

/** Payloads that a gateway must not take for an answer. */
final class Gibberish {
    private static final int KINDS = 7;

    private Gibberish() {}

    static byte[] about(Command command, RandomGenerator random) {
        String id = "{\"id\":\"" + command.route().wireId() + "\"";
        return switch (random.nextInt(KINDS)) {
            case 0 -> noise(random);
            case 1 -> "not JSON at all".getBytes(UTF_8);
            case 2 -> (id + ",\"response\":\"cut o").getBytes(UTF_8);
            case 3 -> "[1,2,3]".getBytes(UTF_8);
            case 4 -> (id + "}").getBytes(UTF_8);
            case 5 -> (id + ",\"response\":1,\"response\":2}").getBytes(UTF_8);
            default -> ("{\"id\":\"" + MessageId.random() + "\",\"response\":1}").getBytes(UTF_8);
        };
    }

    private static byte[] noise(RandomGenerator random) {
        byte[] noise = new byte[64];
        random.nextBytes(noise);
        // No JSON text begins with this byte, whatever follows.
        noise[0] = (byte) 0xff;
        return noise;
    }
}
