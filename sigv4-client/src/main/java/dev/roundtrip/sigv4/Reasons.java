package dev.roundtrip.sigv4;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why repeated calls failed: how many of each kind, and the first reason of each. Not thread-safe. */
final class Reasons {
    /** Kinds beyond these are counted together; our choice. */
    private static final int MAX_KINDS = 10;

    private static final int MAX_LENGTH = 300;
    private static final String OTHERS = "others";

    /** The members of an answer's body that say why, of Roundtrip and of API Gateway; never the response, which may be
     * a payload.
     */
    private static final Pattern RESULT = member("result");

    private static final Pattern MESSAGE = member("[Mm]essage");

    private final Map<String, Kind> kinds = new LinkedHashMap<>();

    private record Kind(int count, String reason) {
        Kind again() {
            return new Kind(count + 1, reason);
        }
    }

    private static Pattern member(String name) {
        return Pattern.compile("\"" + name + "\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.){1," + MAX_LENGTH + "})\"");
    }

    /** Counts an answer that is no success. */
    void add(Answer answer) {
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        String result = found(RESULT, body);
        String type = answer.headers().firstValue("x-amzn-errortype").orElse("");
        String reason = Refusal.explain(answer) + (result.isEmpty() ? "" : ", " + result);
        String message = found(MESSAGE, body);
        add(answer.status() + " " + type + " " + result, message.isEmpty() ? reason : reason + ": " + message);
    }

    /** Counts a call without an answer.
     *
     * @param reason one sentence
     */
    void add(String reason) {
        add(reason, "no answer: " + reason);
    }

    private void add(String kind, String reason) {
        String known = kinds.containsKey(kind) || kinds.size() < MAX_KINDS ? kind : OTHERS;
        kinds.merge(known, new Kind(1, known.equals(kind) ? reason : OTHERS), (before, first) -> before.again());
    }

    private static String found(Pattern member, String body) {
        Matcher found = member.matcher(body);
        return found.find() ? found.group(1) : "";
    }

    /** A line for each kind, without the lines' ends. */
    Iterable<String> lines() {
        return kinds.values().stream()
                .map(kind -> kind.count() + " × " + kind.reason())
                .toList();
    }
}
