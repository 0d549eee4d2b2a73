package dev.roundtrip.invoke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.roundtrip.protocol.Envelope;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MalformedJsonException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a caller gave, by name, wherever it stood; the values are not yet checked.
 *
 * @param values all but the request; may be added to
 * @param request what the device shall get, null when it is not given
 */
record Parameters(Map<String, JsonNode> values, @Nullable JsonText request) {
    private static final String REQUEST = "request";
    static final List<String> NAMES = List.of(
            "target",
            "method",
            REQUEST,
            "timeout",
            "presence",
            "wait",
            "sequence",
            "after",
            "epoch",
            "key",
            "keep",
            "replay");
    private static final Set<String> NUMBERS = Set.of("timeout", "wait", "sequence", "after", "keep");

    private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,16}");

    /** What decoders put in the place of bytes that are not UTF-8. */
    private static final char REPLACEMENT = '\uFFFD';

    /** @param problems takes what is wrong with the names and with the form */
    static Parameters of(HttpRequest request, List<Problem> problems) {
        return switch (request.method()) {
            case "GET" -> fromQuery(request.query(), problems);
            case "POST" -> fromBody(request, problems);
            default -> {
                problems.add(new Problem("http_method", "the HTTP method must be GET or POST"));
                yield none();
            }
        };
    }

    private static Parameters none() {
        return new Parameters(new LinkedHashMap<>(), null);
    }

    boolean isEmpty() {
        return values.isEmpty() && request == null;
    }

    private static Parameters fromQuery(Map<String, List<String>> query, List<Problem> problems) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        query.forEach((name, given) -> {
            if (isSigning(name)) {
                return;
            }
            if (!NAMES.contains(name)) {
                problems.add(unknown(name));
            } else if (given.size() > 1) {
                problems.add(new Problem(name, name + " is given " + given.size() + " times, and may be given once"));
            }
            values.put(name, NUMBERS.contains(name) ? number(given.getFirst()) : TextNode.valueOf(given.getFirst()));
        });
        JsonNode request = values.remove(REQUEST);
        return new Parameters(values, request == null ? null : requestOf(request.textValue(), problems));
    }

    /** A query comes decoded; whether a replacement character was sent or stands for what could not be decoded, nobody
     * can tell.
     */
    private static JsonText requestOf(String text, List<Problem> problems) {
        if (text.indexOf(REPLACEMENT) >= 0) {
            problems.add(new Problem(
                    REQUEST,
                    "request must be UTF-8, percent-encoded, without U+FFFD: in a query, that stands for bytes that are"
                            + " not UTF-8; POST takes it"));
        }
        return JsonText.string(text);
    }

    /** A query has texts only; the number in one, or the text when there is none. */
    private static JsonNode number(String text) {
        return WHOLE_NUMBER.matcher(text).matches() ? LongNode.valueOf(Long.parseLong(text)) : TextNode.valueOf(text);
    }

    private static Parameters fromBody(HttpRequest request, List<Problem> problems) {
        for (String name : request.query().keySet()) {
            if (!isSigning(name)) {
                problems.add(new Problem(name, "with POST, parameters go into the body, not into the query"));
            }
        }
        return switch (request.body()) {
            case HttpRequest.Body.Unreadable unreadable -> unreadable(unreadable.problem(), problems);
            case HttpRequest.Body.Text text -> fromBody(text.value(), problems);
        };
    }

    private static Parameters fromBody(String body, List<Problem> problems) {
        try {
            Envelope envelope = Envelope.read(body, REQUEST);
            Map<String, JsonNode> values = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> member : envelope.members().properties()) {
                if (!NAMES.contains(member.getKey())) {
                    problems.add(unknown(member.getKey()));
                }
                values.put(member.getKey(), member.getValue());
            }
            return new Parameters(values, envelope.content());
        } catch (MalformedJsonException malformed) {
            return unreadable(String.valueOf(malformed.getMessage()), problems);
        }
    }

    private static Parameters unreadable(String problem, List<Problem> problems) {
        problems.add(new Problem("body", "the body " + problem));
        return none();
    }

    private static boolean isSigning(String name) {
        return name.toLowerCase(Locale.ROOT).startsWith("x-amz-");
    }

    private static String shortened(String name) {
        return name.length() <= 64 ? name : name.substring(0, 64) + "…";
    }

    private static Problem unknown(String name) {
        return new Problem(
                name,
                "there is no parameter '" + shortened(name) + "'; there are "
                        + String.join(", ", NAMES.subList(0, NAMES.size() - 1)) + " and " + NAMES.getLast());
    }
}
