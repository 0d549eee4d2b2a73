package dev.roundtrip.invoke;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Epoch;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MalformedNameException;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Order;
import dev.roundtrip.protocol.RequestKey;
import dev.roundtrip.protocol.Target;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a caller wants the device to make sure of: order and key. Finds everything that is wrong with it. */
final class GuaranteesParser {
    private static final String HEADER = "Idempotency-Key";

    /** Says in a presigned URL which headers are signed; source: Signature Version 4, query parameters. */
    private static final String SIGNED_HEADERS = "X-Amz-SignedHeaders";

    private static final int MAX_KEY_LENGTH = 255;

    private final ClientPrefix prefix;
    private final HttpRequest http;
    private final HttpRequest.Context context;
    private final Map<String, JsonNode> values;
    private final List<Problem> problems;

    /** @param problems takes what is wrong */
    GuaranteesParser(ClientPrefix prefix, HttpRequest http, Map<String, JsonNode> values, List<Problem> problems) {
        this.prefix = prefix;
        this.http = http;
        this.context = http.context();
        this.values = values;
        this.problems = problems;
    }

    /** The device's method, as far as it could be read. */
    record Callee(@Nullable Target target, @Nullable Method method) {}

    /** Whether the caller wants to know what became of a key, and nothing to run. */
    boolean asksOnly() {
        return values.containsKey("replay");
    }

    /** @param request null when it is not given, as it may be with {@code replay=only} */
    Guarantees read(Callee callee, @Nullable JsonText request) {
        Order order = order();
        String key = key();
        if (key == null) {
            if (context.keys().isEmpty() && !values.containsKey("key")) {
                needs("keep", "a key");
                needs("replay", "a key");
            }
            return new Guarantees(order, null, null);
        }
        RequestKey.Replay replay = replay();
        int keep = keep();
        Principal principal = context.principal();
        if (principal == null) {
            problem("key", "the API did not say who the caller is, and a key belongs to its caller");
        }
        if (principal == null || callee.target() == null || callee.method() == null) {
            return Guarantees.NONE;
        }
        String target = callee.target().value();
        String method = callee.method().value();
        String hash = KeyHash.of(principal.account(), principal.name(), prefix.value(), target, method, key);
        String digest = request == null ? null : digest(request, order);
        if (digest == null && replay == RequestKey.Replay.OR_RUN) {
            return Guarantees.NONE;
        }
        return new Guarantees(order, new RequestKey(hash, digest, keep, replay), next(target, method, key));
    }

    private static String digest(JsonText request, @Nullable Order order) {
        return KeyHash.of(
                request.toString(),
                order == null ? "" : Long.toString(order.sequence()),
                order == null || order.after() == null ? "" : order.after().toString());
    }

    /** Where the caller asks what became of its key. */
    private String next(String target, String method, String key) {
        String question = "replay=only&key=" + URLEncoder.encode(key, StandardCharsets.UTF_8);
        // Clients take dots out of a path.
        return method.equals(".") || method.equals("..")
                ? context.resource() + "?target=" + URLEncoder.encode(target, StandardCharsets.UTF_8) + "&method="
                        + method + "&" + question
                : context.resource() + "/" + target + "/" + method + "?" + question;
    }

    private @Nullable Order order() {
        Long sequence = number("sequence", 1, Order.MAX_SEQUENCE);
        Long after = number("after", 0, Order.MAX_SEQUENCE - 1);
        Epoch epoch = epoch();
        if (!values.containsKey("sequence")) {
            needs("after", "sequence");
            needs("epoch", "sequence");
            return null;
        }
        if (sequence != null && after != null && after >= sequence) {
            problem("after", "after must be less than sequence, " + sequence + ", but is " + after);
            return null;
        }
        return sequence == null ? null : new Order(sequence, after, epoch);
    }

    private @Nullable Epoch epoch() {
        JsonNode value = values.get("epoch");
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            problem("epoch", "epoch must be a string");
            return null;
        }
        try {
            return new Epoch(value.textValue());
        } catch (MalformedNameException malformed) {
            problem("epoch", String.valueOf(malformed.getMessage()));
            return null;
        }
    }

    /** The caller's key without quotes; null when there is none, or none that can be used. */
    private @Nullable String key() {
        List<String> given = new ArrayList<>(context.keys());
        if (!given.isEmpty() && !isHeaderSigned()) {
            problem(
                    HEADER,
                    "a presigned URL takes no " + HEADER + " that its signature does not cover; presign with key");
            return null;
        }
        String name = given.isEmpty() ? "key" : HEADER;
        JsonNode parameter = values.get("key");
        if (parameter != null) {
            if (!parameter.isTextual()) {
                problem("key", "key must be a string");
                return null;
            }
            given.add(parameter.textValue());
        }
        if (given.size() > 1) {
            problem(
                    name,
                    "the key is given " + given.size() + " times, in key and " + HEADER + ", and may be given once");
            return null;
        }
        return given.isEmpty() ? null : checked(name, withoutQuotes(given.getFirst()));
    }

    /** A header of a request that its signer sends is the signer's. A presigned URL is sent by anybody. */
    private boolean isHeaderSigned() {
        List<String> signed = http.query().get(SIGNED_HEADERS);
        return signed == null
                || signed.stream()
                        .flatMap(names -> Arrays.stream(names.split(";")))
                        .anyMatch(HEADER::equalsIgnoreCase);
    }

    private @Nullable String checked(String name, String key) {
        boolean visible = key.chars().allMatch(character -> character > ' ' && character < 0x7f);
        if (key.isEmpty() || key.length() > MAX_KEY_LENGTH || !visible) {
            problem(name, name + " must be 1 to " + MAX_KEY_LENGTH + " visible ASCII characters");
            return null;
        }
        return key;
    }

    /** A structured field of HTTP is a string in quotes; most clients send the text alone. */
    private static String withoutQuotes(String key) {
        return key.length() >= 2 && key.startsWith("\"") && key.endsWith("\"")
                ? key.substring(1, key.length() - 1)
                : key;
    }

    private RequestKey.Replay replay() {
        JsonNode value = values.get("replay");
        if (value == null) {
            return RequestKey.Replay.OR_RUN;
        }
        if (!"only".equals(value.textValue())) {
            problem("replay", "replay can be only, or be left out");
        }
        return RequestKey.Replay.ONLY;
    }

    private int keep() {
        Long seconds = number("keep", 1, RequestKey.MAX_KEEP_SECONDS);
        return seconds == null ? RequestKey.DEFAULT_KEEP_SECONDS : seconds.intValue();
    }

    private @Nullable Long number(String name, long min, long max) {
        JsonNode value = values.get(name);
        if (value == null) {
            return null;
        }
        if (value.isIntegralNumber()
                && value.canConvertToLong()
                && value.longValue() >= min
                && value.longValue() <= max) {
            return value.longValue();
        }
        problem(name, name + " must be a whole number from " + min + " to " + max);
        return null;
    }

    private void needs(String name, String other) {
        if (values.containsKey(name)) {
            problem(name, name + " needs " + other);
        }
    }

    private void problem(String name, String message) {
        problems.add(new Problem(name, message));
    }
}
