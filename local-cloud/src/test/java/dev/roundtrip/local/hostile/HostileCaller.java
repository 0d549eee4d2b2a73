package dev.roundtrip.local.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes good HTTP requests bad, the same for the same {@code -Dfuzz.seed}, and says them; more of them with
 * {@code -Dfuzz.factor}.
 */
public final class HostileCaller {
    private static final long SEED = Long.getLong("fuzz.seed", 20_261_121L);
    private static final int FACTOR = Integer.getInteger("fuzz.factor", 1);
    private static final int AT_ONCE = 50;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
    private static final String[] TOKENS = {
        "\r\n",
        "\n",
        "\r",
        "\0",
        " ",
        ":",
        "\t",
        "%",
        "%00",
        "%zz",
        "?",
        "&",
        "=",
        "+",
        "/../",
        "//",
        "Transfer-Encoding: chunked\r\n",
        "Content-Length: 0\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Expect: 100-continue\r\n",
        "Connection: close\r\n",
        "Host: y\r\n",
        "X-Amz-Date: x\r\n",
        "Authorization: AWS4-HMAC-SHA256 \r\n",
        "\u00e9",
        "\u0080"
    };

    private final Random random = new Random(SEED);
    private final Conversation conversation;

    /** One connection to the server under test. */
    @FunctionalInterface
    public interface Conversation {
        /** Says it, and hears the server out.
         *
         * @return everything that came back
         * @throws IOException when the server neither answers nor hangs up
         */
        String say(byte[] request) throws IOException;
    }

    public HostileCaller(Conversation conversation) {
        this.conversation = conversation;
    }

    /** The status codes of all answers, in order. */
    public static List<Integer> statuses(String heard) {
        List<Integer> statuses = new ArrayList<>();
        for (Matcher found = STATUS.matcher(heard); found.find(); ) {
            statuses.add(Integer.valueOf(found.group(1)));
        }
        return statuses;
    }

    /** Says so many requests, alone or in pairs, many at once.
     *
     * @param corpus good requests
     * @param wrong which status codes no bad request may get
     * @return what got one all the same, or was never heard out, with what came back
     */
    public List<String> attack(List<byte[]> corpus, int rounds, IntPredicate wrong) throws InterruptedException {
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        Semaphore connections = new Semaphore(AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < rounds * FACTOR; round++) {
                byte[] one = mutate(corpus.get(random.nextInt(corpus.size())));
                byte[] request =
                        random.nextInt(3) > 0 ? one : join(one, mutate(corpus.get(random.nextInt(corpus.size()))));
                connections.acquire();
                threads.execute(() -> {
                    try {
                        String heard = conversation.say(request);
                        if (statuses(heard).stream().anyMatch(wrong::test)) {
                            failures.add(new String(request, ISO_8859_1) + heard);
                        }
                    } catch (IOException hangs) {
                        failures.add(new String(request, ISO_8859_1) + hangs);
                    } finally {
                        connections.release();
                    }
                });
            }
        }
        return List.copyOf(failures);
    }

    private byte[] mutate(byte[] original) {
        byte[] bytes = original.clone();
        for (int changes = random.nextInt(4); changes > 0 && bytes.length > 1; changes--) {
            int at = random.nextInt(bytes.length);
            byte[] before = Arrays.copyOf(bytes, at);
            byte[] after = Arrays.copyOfRange(bytes, at, bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = before;
                case 3 -> bytes = join(before, Arrays.copyOf(after, Math.min(20, after.length)), after);
                default -> bytes = join(before, TOKENS[random.nextInt(TOKENS.length)].getBytes(ISO_8859_1), after);
            }
        }
        return bytes;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
