package dev.roundtrip.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A call that is not made yet. Immutable, so it can be made many times; each method but {@link #json} and
 * {@link #text} makes another one. Thread-safe.
 */
public final class Call {
    /** How long a call may take where nothing else is said: one try as long as API Gateway lets it be. */
    public static final Duration USUAL = Duration.ofSeconds(30);

    /** The shortest time that a call may take in all. */
    public static final Duration SHORTEST = Duration.ofSeconds(2);

    /** The longest time that a call may take in all. */
    public static final Duration LONGEST = Duration.ofDays(1);

    /** The highest sequence; source: the contract. */
    public static final long MAX_SEQUENCE = (1L << 53) - 1;

    private static final Duration LONGEST_KEEP = Duration.ofDays(7);
    private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");
    private static final Pattern EPOCH = Pattern.compile("[A-Za-z0-9_-]{1,32}");
    private static final Pattern DOTS = Pattern.compile("\\.{1,2}");

    private final Tries tries;
    private final Target target;
    private final Method method;
    private final ObjectNode members;
    private final Duration within;

    private Call(Tries tries, Target target, Method method, ObjectNode members, Duration within) {
        this.tries = tries;
        this.target = target;
        this.method = method;
        this.members = members;
        this.within = within;
    }

    static Call of(Tries tries, Target target, Method method) {
        if (DOTS.matcher(method.value()).matches()) {
            throw new IllegalArgumentException("method must not be . or .., which no path has as a name");
        }
        return new Call(tries, target, method, Json.object(), USUAL);
    }

    private Call with(String name, JsonNode value) {
        return new Call(tries, target, method, members.deepCopy().set(name, value), within);
    }

    private Call with(String name, String value) {
        return with(name, members.textNode(value));
    }

    private Call with(String name, long value) {
        return with(name, members.numberNode(value));
    }

    /** How long the call may take in all: every try, and the waits between them.
     *
     * @param total {@link #SHORTEST} to {@link #LONGEST}; each try tells the gateway the whole seconds that remain
     * @throws IllegalArgumentException when it is out of range
     */
    public Call within(Duration total) {
        requireRange("the time of a call", total, SHORTEST, LONGEST);
        return new Call(tries, target, method, members, total);
    }

    /** Names the effect, so that repeating the call is safe: a device that knows keys runs it once and answers each
     * repeat with the same answer. With a key the client repeats also what may have run.
     *
     * <p>A device that does not know keys may run each try ({@link Outcome.DeviceFacts#keyIgnored()}).
     *
     * @param name 1 to 255 visible ASCII characters, not within quotes; another one for each effect
     * @throws IllegalArgumentException when it breaks the rule
     */
    public Call key(String name) {
        if (!KEY.matcher(name).matches()) {
            throw new IllegalArgumentException("a key has 1 to 255 visible ASCII characters");
        }
        if (name.length() > 1 && name.startsWith("\"") && name.endsWith("\"")) {
            throw new IllegalArgumentException("the gateway takes quotes around a key off: give the key without them");
        }
        return with("key", name);
    }

    /** Names the effect, and says how long the device should remember the name.
     *
     * @param keep 1 s to 7 days; parts of a second do not count
     * @throws IllegalArgumentException when one of the two breaks its rule
     */
    public Call key(String name, Duration keep) {
        requireRange("the time to keep a key", keep, Duration.ofSeconds(1), LONGEST_KEEP);
        return key(name).with("keep", keep.toSeconds());
    }

    /** Asks what became of the key, and runs nothing.
     *
     * @throws IllegalStateException when the call has no key
     */
    public Call replayOnly() {
        if (!members.has("key")) {
            throw new IllegalStateException("only a call with a key can be asked for");
        }
        return with("replay", "only");
    }

    /** Orders calls: the device runs this one only if the number is greater than that of the last one that ran.
     *
     * @param number 1 to {@link #MAX_SEQUENCE}
     * @throws IllegalArgumentException when it is out of range
     */
    public Call sequence(long number) {
        if (number < 1 || number > MAX_SEQUENCE) {
            throw new IllegalArgumentException("a sequence is 1 to " + MAX_SEQUENCE + ", not " + number);
        }
        return with("sequence", number);
    }

    /** Orders calls strictly: the device runs this one only if the last one that ran has exactly the number
     * {@code after}.
     *
     * @param number 1 to {@link #MAX_SEQUENCE}
     * @param after 0, when none ran, to {@code number - 1}
     * @throws IllegalArgumentException when one of the two is out of range
     */
    public Call sequence(long number, long after) {
        if (after < 0 || after >= number) {
            throw new IllegalArgumentException("after is 0 to " + (number - 1) + ", not " + after);
        }
        return sequence(number).with("after", after);
    }

    /** Runs only if the device's counters are still these.
     *
     * @param epoch {@link Outcome.Lane#epoch()} of an earlier answer
     * @throws IllegalArgumentException when this is no epoch
     * @throws IllegalStateException when the call has no sequence
     */
    public Call epoch(String epoch) {
        if (!members.has("sequence")) {
            throw new IllegalStateException("only a call with a sequence has an epoch");
        }
        if (!EPOCH.matcher(epoch).matches()) {
            throw new IllegalArgumentException("an epoch has 1 to 32 letters, digits, _ and -");
        }
        return with("epoch", epoch);
    }

    /** Has each try end at once, as offline, when the device is certainly away. The client repeats it within the call's
     * time.
     */
    public Call checkingPresence() {
        return with("presence", "check");
    }

    /** Has the gateway hold the call back for a device that is away.
     *
     * @param longest 1 s to 28 s; parts of a second do not count, nor what exceeds the time of a try
     * @throws IllegalArgumentException when it is out of range
     */
    public Call waitingFor(Duration longest) {
        requireRange("the time to wait for a device", longest, Duration.ofSeconds(1), ClientSettings.MAX_TIMEOUT);
        return with("wait", longest.toSeconds());
    }

    /** Waits for no answer: once the call is handed over, it ends as {@link Outcome.GoesOn}. */
    public Call handingOver() {
        return with("timeout", 0);
    }

    /** Makes the call, and waits for its end.
     *
     * @param request what the device is handed: a value that the client's mapper writes, a tree, or null for JSON null
     * @throws IllegalArgumentException when the value cannot be written as JSON
     * @throws InterruptedException when the thread is interrupted; the call may have run
     * @throws IllegalStateException when the client is closed
     */
    public Outcome json(@Nullable Object request) throws InterruptedException {
        try {
            return make(
                    request instanceof JsonNode tree
                            ? Json.write(tree)
                            : tries.mapper().writeValueAsBytes(request));
        } catch (JsonProcessingException | MalformedJsonException unfit) {
            // Without its cause: Jackson may quote the value.
            throw new IllegalArgumentException("the request cannot be written as JSON");
        }
    }

    /** Makes the call, and waits for its end.
     *
     * @param json what the device is handed, exactly as it is written here: one JSON value
     * @throws IllegalArgumentException when this is not one JSON value
     * @throws InterruptedException when the thread is interrupted; the call may have run
     * @throws IllegalStateException when the client is closed
     */
    public Outcome text(String json) throws InterruptedException {
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        if (!new String(utf8, StandardCharsets.UTF_8).equals(json)) {
            throw new IllegalArgumentException("the request has half of a surrogate pair, which UTF-8 does not have");
        }
        try {
            return make(utf8);
        } catch (MalformedJsonException malformed) {
            throw new IllegalArgumentException("the request " + malformed.getMessage());
        }
    }

    private Outcome make(byte[] request) throws MalformedJsonException, InterruptedException {
        if (request.length > Json.MAX_PAYLOAD_BYTES) {
            return AnswerReader.unsent(
                    Outcome.DidNotRun.Reason.TOO_LARGE,
                    "the request has " + request.length + " bytes, and " + Json.MAX_PAYLOAD_BYTES + " are the most",
                    new Tally(0, 0, Duration.ZERO));
        }
        ObjectNode body = members.deepCopy();
        body.set("request", Json.asWritten(JsonText.parse(request)));
        return tries.run(target, method, body, within);
    }

    private static void requireRange(String what, Duration given, Duration shortest, Duration longest) {
        if (given.compareTo(shortest) < 0 || given.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    what + " is " + shortest.toSeconds() + " to " + longest.toSeconds() + " s, not " + given);
        }
    }

    /** Device and method; not the key, nor any other parameter. */
    @Override
    public String toString() {
        return "Call[" + target + " " + method + "]";
    }
}
