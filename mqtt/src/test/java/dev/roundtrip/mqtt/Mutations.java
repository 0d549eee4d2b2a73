package dev.roundtrip.mqtt;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Good packets made bad: the same for the same seed, {@code -Dfuzz.seed}; more of them with {@code -Dfuzz.factor}. */
public final class Mutations {
    private static final long SEED = Long.getLong("fuzz.seed", 20_261_121L);
    private static final int FACTOR = Integer.getInteger("fuzz.factor", 1);

    private final Random random = new Random(SEED);

    public static int rounds(int usual) {
        return usual * FACTOR;
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }

    public <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Some packets one after the other, of which some are changed in some bytes. */
    public byte[] conversation(List<byte[]> packets) {
        byte[] bytes = {};
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            byte[] packet = oneOf(packets);
            bytes = Wire.join(bytes, random.nextInt(3) == 0 ? packet : mutate(packet));
        }
        return bytes;
    }

    /** Changes, repeats, leaves out, or cuts off; and the length in the fixed header stays right or does not. */
    public byte[] mutate(byte[] packet) {
        byte[] bytes = packet.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0 && bytes.length > 0; changes--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(8)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[at] = oneOf(List.of((byte) 0, (byte) 0xff, (byte) 0x7f, (byte) 0x80));
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                case 4 -> bytes = replace(bytes, at, at, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 9)));
                case 5 -> bytes = replace(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(6)), new byte[0]);
                case 6 -> bytes = replace(bytes, at, at, garbage());
                default -> bytes[0] = (byte) random.nextInt();
            }
        }
        return bytes.length > 2 && random.nextBoolean() ? withRightLength(bytes) : bytes;
    }

    private byte[] garbage() {
        byte[] bytes = new byte[random.nextInt(12)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] withRightLength(byte[] bytes) {
        int body = 2;
        while (body < Math.min(bytes.length, 5) && (bytes[body - 1] & 0x80) != 0) {
            body++;
        }
        return Wire.packet(bytes[0] & 0xff, Arrays.copyOfRange(bytes, body, bytes.length));
    }

    private static byte[] replace(byte[] bytes, int from, int to, byte[] by) {
        return Wire.join(Arrays.copyOf(bytes, from), by, Arrays.copyOfRange(bytes, to, bytes.length));
    }

    /** A packet of each kind that a client may send once it is connected, and some that it may not. */
    public static List<byte[]> corpus(int version) {
        String everything = version == Wire.MQTT_5
                ? "01 01 02 0000003c 03 0004 74657874 08 0003 612f62 09 0002 0102 23 0001 26 0001 6b 0001 76"
                : "";
        return List.of(
                Wire.publish0(version, "a/b", "hello"),
                Wire.publish1(version, 7, "a/b", "hello"),
                Wire.publish1(version, 8, "a/b", everything, new byte[] {1, 2, 3}),
                Wire.publish1(version, 9, "", version == Wire.MQTT_5 ? "23 0001" : "", new byte[0]),
                Wire.packet(0x33, Wire.text("kept"), Wire.hex("0010"), Wire.properties(version, ""), Wire.hex("6869")),
                Wire.publish1(version, 9, "a/b/c/d/e/f/g/h/i", "deep"),
                Wire.publish1(version, 9, "x".repeat(300), "long"),
                Wire.publish1(version, 9, "$aws/things/x", "reserved"),
                Wire.publish1(version, 9, "a/#", "wildcard"),
                Wire.subscribe(version, 3, 1, "a/b", "a/+", "#", "$share/group/a/b"),
                Wire.subscribe(version, 4, 0x2d, "a/#", "+/+", "a//b", "/"),
                Wire.subscribe(version, 5, 0, "a/b/c/d/e/f/g/h/i", "", "a#", "$SYS/#", "$aws/events/#"),
                Wire.unsubscribe(version, 6, "a/b"),
                Wire.unsubscribe(version, 6, "$share/group/a/b"),
                Wire.pubAck(1),
                version == Wire.MQTT_5 ? Wire.hex("40 06 0001 10 02 1f00") : Wire.pubAck(2),
                Wire.ping(),
                version == Wire.MQTT_5 ? Wire.hex("e0 07 04 05 11 00000005") : Wire.disconnect(),
                Wire.connect(version, "again"),
                Wire.hex("20 03 00 00 00"),
                Wire.hex("f0 02 18 00"),
                Wire.hex("62 02 0001"));
    }

    /** Good CONNECT packets. */
    public static List<byte[]> connects(int version) {
        String properties = version == Wire.MQTT_5 ? "11 0000000a 21 0005 27 00010000 22 0003 26 0001 6b 0001 76" : "";
        return List.of(
                Wire.connect(version, "hostile"),
                Wire.connect(version, ""),
                Wire.connect(version, "hostile", 0x00, 0, properties),
                Wire.connect(version, "hostile", 0x2e, 30, properties, Wire.will(version, "wills/x", "gone")),
                Wire.connect(version, "hostile", 0xc2, 30, "", Wire.text("?SDK=x"), Wire.text("password")));
    }
}
