package dev.roundtrip.local.http.operation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The path of an operation as AWS's models write it: {@code /connections/{clientId}/messages}. Immutable.
 *
 * <p>A label stands for one segment; a label with a plus sign, {@code {topic+}}, for one or more.
 */
public final class UriTemplate {
    private static final Pattern LABEL = Pattern.compile("\\{(\\w+)(\\+?)\\}");

    private final String text;
    private final Pattern pattern;
    private final List<String> labels = new ArrayList<>();

    private UriTemplate(String text) {
        this.text = text;
        Matcher label = LABEL.matcher(text);
        StringBuilder regex = new StringBuilder();
        int from = 0;
        while (label.find()) {
            regex.append(literal(text.substring(from, label.start())));
            regex.append(label.group(2).isEmpty() ? "([^/]+)" : "(.+)");
            labels.add(label.group(1));
            from = label.end();
        }
        pattern = Pattern.compile(regex.append(literal(text.substring(from))) + "/?");
    }

    /** Clients of AWS send a dollar sign of the model's path percent-encoded. */
    private static String literal(String text) {
        return Pattern.quote(text).replace("$", "\\E(?:\\$|%24)\\Q");
    }

    /** A path that starts with a slash. */
    public static UriTemplate of(String text) {
        return new UriTemplate(text);
    }

    /** What the labels stand for, as sent; empty when the path is another. */
    Optional<Map<String, String>> match(String path) {
        Matcher matcher = pattern.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < labels.size(); i++) {
            values.put(labels.get(i), matcher.group(i + 1));
        }
        return Optional.of(values);
    }

    /** Its first segment, which has no label. */
    String firstSegment() {
        return firstSegment(text);
    }

    static String firstSegment(String path) {
        int end = path.indexOf('/', 1);
        return end < 0 ? path : path.substring(0, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
