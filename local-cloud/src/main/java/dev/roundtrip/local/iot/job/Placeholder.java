package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands in a text of a document for something else: {@code ${aws:iot:KIND:ARGUMENT}}. Immutable.
 *
 * <p>Source: AWS IoT developer guide, "Managing jobs" and "Create and manage jobs by using the AWS CLI".
 *
 * @param kind such as {@code s3-presigned-url-v2}
 * @param argument what follows; empty for nothing
 */
public record Placeholder(String kind, String argument) {
    /** A parameter of a managed template. */
    static final String PARAMETER = "parameter";

    /** The key of an upload may have placeholders of its own, such as {@code ${thingName}}. */
    private static final Pattern FORM =
            Pattern.compile("\\$\\{aws:iot:([a-zA-Z0-9-]+)(?::((?:\\$\\{[a-zA-Z]*+\\}|[^{}])*+))?\\}");

    static String ofParameter(String key) {
        return "${aws:iot:" + PARAMETER + ':' + key + '}';
    }

    /** Whether it stands for a URL of Amazon S3. */
    boolean isUrl() {
        return kind.startsWith("s3-presigned-url");
    }

    private static Placeholder of(MatchResult found) {
        String argument = found.group(2);
        return new Placeholder(found.group(1), argument == null ? "" : argument);
    }

    /** All that stand in the texts of a document, in their order. */
    static List<Placeholder> in(JsonNode document) {
        List<Placeholder> all = new ArrayList<>();
        if (document.isTextual()) {
            Matcher found = FORM.matcher(document.textValue());
            while (found.find()) {
                all.add(of(found));
            }
        }
        document.forEach(part -> all.addAll(in(part)));
        return all;
    }

    /** Puts values in the place of placeholders, in one pass: what a value looks like does not count.
     *
     * @param document is changed
     * @param values the value of a placeholder; empty for one that stays
     */
    static void replace(ObjectNode document, Function<Placeholder, Optional<String>> values) {
        for (Map.Entry<String, JsonNode> member : document.properties()) {
            member.setValue(replaced(member.getValue(), values));
        }
    }

    private static JsonNode replaced(JsonNode part, Function<Placeholder, Optional<String>> values) {
        switch (part) {
            case TextNode text -> {
                return TextNode.valueOf(FORM.matcher(text.textValue())
                        .replaceAll(found ->
                                Matcher.quoteReplacement(values.apply(of(found)).orElseGet(() -> found.group()))));
            }
            case ObjectNode object -> replace(object, values);
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, replaced(array.get(i), values));
                }
            }
            default -> {
                // Numbers and such have no placeholders.
            }
        }
        return part;
    }
}
