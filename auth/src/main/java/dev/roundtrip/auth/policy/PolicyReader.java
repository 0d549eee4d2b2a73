package dev.roundtrip.auth.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the JSON of a policy document, strictly. */
final class PolicyReader {
    private static final String VERSION = "2012-10-17";
    private static final Set<String> OF_DOCUMENT = Set.of("Version", "Id", "Statement");
    private static final Set<String> OF_STATEMENT =
            Set.of("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern ACTION = Pattern.compile("\\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+");

    /** A longer Sid is no name that a log should repeat. */
    private static final int MAX_SID = 128;

    private PolicyReader() {}

    static List<Statement> read(PolicyType type, String json) throws MalformedPolicyException {
        long length = json.chars()
                .filter(character -> !Character.isWhitespace(character))
                .count();
        if (length > type.maxLength()) {
            throw new MalformedPolicyException("the document may have " + type.maxLength()
                    + " characters that are not white space, but has " + length);
        }
        JsonNode document = object(parse(json), "the document");
        refuseUnknown(document, OF_DOCUMENT);
        if (!document.path("Version").asText().equals(VERSION)) {
            throw new MalformedPolicyException("Version must be \"" + VERSION + "\"");
        }
        JsonNode node = document.path("Statement");
        List<JsonNode> nodes = node.isArray() ? List.copyOf(node.valueStream().toList()) : List.of(node);
        if (node.isMissingNode() || nodes.isEmpty()) {
            throw new MalformedPolicyException("Statement is missing");
        }
        List<Statement> statements = new ArrayList<>();
        for (JsonNode statement : nodes) {
            try {
                statements.add(statement(statement, statements.size() + 1));
            } catch (MalformedPolicyException malformed) {
                throw malformed.at("statement " + (statements.size() + 1));
            }
        }
        return statements;
    }

    private static Statement statement(JsonNode node, int number) throws MalformedPolicyException {
        refuseUnknown(object(node, "it"), OF_STATEMENT);
        Listed<Glob> actions = listed(node, "Action", PolicyReader::action);
        Listed<ArnTemplate> resources = listed(node, "Resource", ArnTemplate::parse);
        List<Condition> conditions = node.has("Condition") ? ConditionReader.read(node.get("Condition")) : List.of();
        return new Statement(name(node, number), effect(node), actions, resources, conditions, variables(node));
    }

    /** How a reader finds the statement: its Sid, and its number where it has none that is short. */
    private static String name(JsonNode node, int number) {
        String sid = node.path("Sid").asText();
        return sid.isEmpty() || sid.length() > MAX_SID
                ? "statement " + number
                : "statement " + number + " (" + sid + ")";
    }

    /** The names between <code>${</code> and <code>}</code>, wherever they stand, as written. */
    private static Set<String> variables(JsonNode node) {
        Set<String> names = new HashSet<>();
        collectVariables(node, names);
        return names;
    }

    private static void collectVariables(JsonNode node, Set<String> names) {
        if (node.isTextual()) {
            VARIABLE.matcher(node.textValue()).results().forEach(found -> names.add(found.group(1)));
        }
        node.forEach(child -> collectVariables(child, names));
    }

    private static Effect effect(JsonNode node) throws MalformedPolicyException {
        return switch (node.path("Effect").asText()) {
            case "Allow" -> Effect.ALLOW;
            case "Deny" -> Effect.DENY;
            default -> throw new MalformedPolicyException("Effect must be \"Allow\" or \"Deny\"");
        };
    }

    private static Glob action(String text) throws MalformedPolicyException {
        if (!ACTION.matcher(text).matches()) {
            throw new MalformedPolicyException("wanted is * or an action like iot:Publish, but found " + text);
        }
        return Template.withWildcards(text)
                .resolveIgnoringCase(PolicyContext.empty())
                .orElseThrow();
    }

    /** Reads one pattern of an element. */
    @FunctionalInterface
    private interface PatternReader<T> {
        T read(String text) throws MalformedPolicyException;
    }

    private static <T> Listed<T> listed(JsonNode statement, String name, PatternReader<T> reader)
            throws MalformedPolicyException {
        String opposite = "Not" + name;
        if (statement.has(name) == statement.has(opposite)) {
            throw new MalformedPolicyException("one of " + name + " and " + opposite + " must be there, and not both");
        }
        Sense sense = statement.has(name) ? Sense.LISTED : Sense.ALL_BUT_LISTED;
        String element = sense == Sense.LISTED ? name : opposite;
        try {
            List<T> patterns = new ArrayList<>();
            for (String text : texts(statement.get(element))) {
                patterns.add(reader.read(text));
            }
            if (patterns.isEmpty()) {
                throw new MalformedPolicyException("the list is empty");
            }
            return new Listed<>(sense, patterns);
        } catch (MalformedPolicyException malformed) {
            throw malformed.at(element);
        }
    }

    /** The texts of a value that is one text, or a list of texts; numbers and booleans count as the texts they are
     * written as.
     */
    static List<String> texts(JsonNode node) throws MalformedPolicyException {
        List<String> texts = new ArrayList<>();
        for (JsonNode value : node.isArray() ? node.valueStream().toList() : List.of(node)) {
            if (!value.isValueNode() || value.isNull()) {
                throw new MalformedPolicyException("wanted is a string or a list of strings");
            }
            texts.add(value.asText());
        }
        return texts;
    }

    static JsonNode object(JsonNode node, String name) throws MalformedPolicyException {
        if (!node.isObject()) {
            throw new MalformedPolicyException(name + " must be a JSON object");
        }
        return node;
    }

    private static JsonNode parse(String json) throws MalformedPolicyException {
        try {
            return Json.mapper().readTree(json);
        } catch (JsonProcessingException notJson) {
            throw new MalformedPolicyException("the document is not JSON: "
                    + notJson.getOriginalMessage().lines().findFirst().orElse("") + " (line "
                    + notJson.getLocation().getLineNr() + ", column "
                    + notJson.getLocation().getColumnNr() + ")");
        } catch (IllegalArgumentException | ArithmeticException impossibleNumber) {
            throw new MalformedPolicyException("the document has a number that cannot be");
        }
    }

    private static void refuseUnknown(JsonNode object, Set<String> known) throws MalformedPolicyException {
        for (String name : object.propertyStream().map(Map.Entry::getKey).toList()) {
            if (!known.contains(name)) {
                throw new MalformedPolicyException("the element " + name + " is not known here");
            }
        }
    }
}
