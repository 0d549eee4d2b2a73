package dev.roundtrip.benchmarks.subject;

import dev.roundtrip.benchmarks.load.RoundTrips;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What users do: signed calls over HTTP connections that are kept alive, each signed anew, each answer compared with
 * what was asked.
 */
public final class SignedCalls implements RoundTrips {
    private static final int OK = 200;

    /** The longest that callers may wait, in seconds. */
    private static final String TIMEOUT = "&timeout=28";

    private final HttpLanes lanes;
    private final CallSigner signer;
    private final Call[] calls;
    private volatile @Nullable Consumer<String> timings;

    /** Connects.
     *
     * @param command what the devices are told
     * @throws IOException when the API cannot be reached
     */
    public SignedCalls(Api api, Command command, int lanes) throws IOException {
        URI endpoint = api.endpoint();
        this.signer = new CallSigner(api);
        this.lanes = new HttpLanes(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), lanes);
        this.calls = new Call[lanes];
        for (int lane = 0; lane < lanes; lane++) {
            calls[lane] = new Call(lane, command);
        }
    }

    /** From now on the value of each answer's Server-Timing header goes there, on the event loop; null for nowhere. */
    public void tellTimings(@Nullable Consumer<String> listener) {
        timings = listener;
    }

    @Override
    public int lanes() {
        return lanes.count();
    }

    @Override
    public void ask(int lane, Asker asker) {
        calls[lane].asker = asker;
        lanes.exchange(lane, calls[lane]);
    }

    @Override
    public void close() {
        lanes.close();
    }

    /** What the devices of all lanes are told.
     *
     * @param method a method of the device
     * @param targets the devices, one for each lane in turn; their names and the method need no percent-encoding
     * @param presence whether the gateway asks the broker if the device is connected
     * @param guarantee what the device is asked to make sure of
     */
    public record Command(String method, List<String> targets, Presence presence, Guarantee guarantee)
            implements Serializable {
        public Command {
            targets = List.copyOf(targets);
        }

        /** One without key and sequence. */
        public Command(String method, List<String> targets, Presence presence) {
            this(method, targets, presence, Guarantee.NONE);
        }

        /** One for which the gateway asks nothing of the broker. */
        public Command(String method, List<String> targets) {
            this(method, targets, Presence.UNASKED);
        }

        /** The same, with a key or a sequence. */
        public Command with(Guarantee other) {
            return new Command(method, targets, presence, other);
        }

        /** The same, and the gateway asks. */
        public Command withPresenceCheck() {
            return new Command(method, targets, Presence.CHECKED, guarantee);
        }
    }

    /** What a device is asked to make sure of. */
    public enum Guarantee {
        /** Nothing. */
        NONE,
        /** Each call has a key of its own. */
        KEY,
        /** Each call of a lane has the next sequence. */
        ORDER
    }

    /** Whether the gateway asks the broker if a device is connected. */
    public enum Presence {
        /** It waits for the answer alone. */
        UNASKED(""),
        /** It asks, with {@code presence=check}. */
        CHECKED("&presence=check");

        private final String parameter;

        Presence(String parameter) {
            this.parameter = parameter;
        }

        /** Comes between {@code method} and {@code request}, as Signature Version 4 sorts them. */
        private String parameter() {
            return parameter;
        }
    }

    /** The call of one lane: always to the same device, always with another request. */
    private final class Call implements HttpLanes.Exchange {
        private final int lane;
        private final Guarantee guarantee;
        private final String before;
        private final String after;
        private Asker asker = ending -> {};
        private long number;
        private String request = "";

        Call(int lane, Command command) {
            this.lane = lane;
            this.guarantee = command.guarantee();
            this.before = "method=" + command.method() + command.presence().parameter() + "&request=";
            this.after =
                    "&target=" + command.targets().get(lane % command.targets().size()) + TIMEOUT;
        }

        @Override
        public ByteBuf request(Channel channel) {
            request = lane + "-" + number++;
            String query = before + request + after;
            // Signature Version 4 sorts the parameters.
            String all = switch (guarantee) {
                case NONE -> query;
                case KEY -> "key=" + request + "&" + query;
                case ORDER -> before + request + "&sequence=" + number + after;
            };
            return ByteBufUtil.writeAscii(channel.alloc(), signer.sign(all, Instant.now()));
        }

        @Override
        public void answered(HttpAnswer answer) {
            boolean right = answer.status() == OK && answer.bodyHas("\"response\":\"" + request + "\"");
            Consumer<String> listener = timings;
            if (listener != null) {
                listener.accept(answer.header("server-timing"));
            }
            asker.ended(right ? Ending.ANSWERED : Ending.FAILED);
        }

        @Override
        public void lost() {
            asker.ended(Ending.FAILED);
        }
    }
}
