package dev.roundtrip.local.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.roundtrip.protocol.Json;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One call of a storm, as it is asked.
 *
 * @param number which one; its request has it, so that a ledger can tell whose command it was
 * @param query with GET; null with POST
 * @param body with POST; null with GET
 * @param request what the device is handed; null when the call is not valid
 * @param answer what the device shall answer; null when it shall fail
 * @param timeoutSeconds how long the caller waits
 * @param promise what the ending may be
 * @param key with which it is repeated until its caller knows; null for a call that is made once
 */
record StormCall(
        int number,
        @Nullable String query,
        @Nullable String body,
        @Nullable JsonNode request,
        @Nullable JsonNode answer,
        int timeoutSeconds,
        Promise promise,
        @Nullable String key) {

    /** What can be said of the ending beforehand. */
    enum Promise {
        ANYTHING,
        INVALID,
        TOO_LARGE
    }

    private static final List<String> TARGETS = List.of("pump-5", "pump-3", "slow-pump", "pump-5", "pump-3", "pump-5b");
    private static final String TOO_MUCH = "x".repeat(128 * 1024);

    /** The call of that number; the same for the same generator. */
    static StormCall of(int number, RandomGenerator random) {
        String target = random.nextInt(50) == 0 ? "nobody" : TARGETS.get(random.nextInt(TARGETS.size()));
        // Most of a storm is waiting for what was lost.
        int timeout = target.equals("nobody") || random.nextInt(4) > 0 ? 1 : 2 + random.nextInt(2);
        StormCall call = plain(number, target, timeout, random);
        if (call.promise() != Promise.ANYTHING) {
            return call;
        }
        return switch (random.nextInt(8)) {
            case 0, 1 -> call.keyed();
            case 2 -> call.ordered();
            case 3 -> call.ordered().keyed();
            default -> call;
        };
    }

    private static StormCall plain(int number, String target, int timeout, RandomGenerator random) {
        return switch (random.nextInt(40)) {
            case 0 -> invalid(number, target, random);
            case 1 -> tooLarge(number, target, timeout);
            case 2, 3, 4 -> division(number, target, timeout, random);
            case 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 -> get(number, target, timeout);
            default -> post(number, target, timeout, random);
        };
    }

    /** The same with a key of its own. */
    private StormCall keyed() {
        String given = "storm-" + number;
        return with("key", given, '"' + given + '"', given);
    }

    /** The same, in the order of the numbers: what overtakes it has it refused. */
    private StormCall ordered() {
        return with("sequence", Integer.toString(number), Integer.toString(number), key);
    }

    private StormCall with(String name, String inQuery, String inBody, @Nullable String newKey) {
        return new StormCall(
                number,
                query == null ? null : query + "&" + name + "=" + inQuery,
                body == null ? null : "{\"" + name + "\":" + inBody + "," + body.substring(1),
                request,
                answer,
                timeoutSeconds,
                promise,
                newKey);
    }

    /** A call after the storm; made again with the same key until its outcome is told again. */
    static StormCall calm(int number, String target) {
        return get(number, target, 2).keyed();
    }

    private static StormCall get(int number, String target, int timeout) {
        TextNode request = TextNode.valueOf(Integer.toString(number));
        String query = "target=" + target + "&method=echo&request=" + number + "&timeout=" + timeout;
        return new StormCall(number, query, null, request, request, timeout, Promise.ANYTHING, null);
    }

    private static StormCall post(int number, String target, int timeout, RandomGenerator random) {
        JsonNode request = Json.mapper()
                .createObjectNode()
                .put("call", number)
                .put("text", "ünï \"quoted\" \\ ".repeat(random.nextInt(20)))
                .putNull("nothing");
        return post(number, target, "echo", request, request, timeout);
    }

    private static StormCall division(int number, String target, int timeout, RandomGenerator random) {
        int divisor = random.nextInt(3) == 0 ? 0 : 1;
        JsonNode request = Json.mapper().createArrayNode().add(number).add(divisor);
        return post(number, target, "div", request, divisor == 0 ? null : IntNode.valueOf(number), timeout);
    }

    private static StormCall post(
            int number, String target, String method, JsonNode request, @Nullable JsonNode answer, int timeout) {
        String body = Json.mapper()
                .createObjectNode()
                .put("target", target)
                .put("method", method)
                .put("timeout", timeout)
                .set("request", request)
                .toString();
        return new StormCall(number, null, body, request, answer, timeout, Promise.ANYTHING, null);
    }

    private static StormCall tooLarge(int number, String target, int timeout) {
        StormCall call = post(number, target, "echo", TextNode.valueOf(number + TOO_MUCH), null, timeout);
        return new StormCall(number, null, call.body, null, null, timeout, Promise.TOO_LARGE, null);
    }

    private static StormCall invalid(int number, String target, RandomGenerator random) {
        String query = "target=" + target + "&method=echo&request=" + number;
        return switch (random.nextInt(4)) {
            case 0 -> refused(number, query + "&timeout=-1", null);
            case 1 -> refused(number, query + "&target=" + target, null);
            case 2 -> refused(number, query + "&verbose=yes", null);
            default ->
                refused(number, null, "{\"target\":\"" + target + "\",\"method\":\"echo\",\"request\":" + number);
        };
    }

    private static StormCall refused(int number, @Nullable String query, @Nullable String body) {
        return new StormCall(number, query, body, null, null, 0, Promise.INVALID, null);
    }

    /** For a person who reads what went wrong. */
    @Override
    public String toString() {
        String asked = query == null ? "POST " + body : "GET ?" + query;
        return "call " + number + ": " + (asked.length() > 300 ? asked.substring(0, 300) + "…" : asked);
    }
}
