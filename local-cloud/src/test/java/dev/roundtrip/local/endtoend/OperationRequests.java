package dev.roundtrip.local.endtoend;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests that are made from what the table says an operation's policies are asked for, and the least policy for
 * them.
 */
final class OperationRequests {
    /** A label, or what a query parameter, header or member of the body has. */
    private static final Pattern PLACE =
            Pattern.compile("\\{/?(?:(header|query|body|each|given)\\.)?([A-Za-z0-9-]+)\\}");

    private static final String NAMED_SHADOW = "{/query.name}";
    private static final String SHADOW = "config";

    private OperationRequests() {}

    /** A request without a signature.
     *
     * @param target path and query
     * @param body empty for none
     */
    record Asked(String method, String target, Map<String, String> headers, String body) {}

    /** Whether its policies are asked for a resource that a request names. */
    static boolean namesResource(Operation operation) {
        return operation.permissions().stream()
                .anyMatch(permission -> PLACE.matcher(permission.resource()).find());
    }

    /** What requests name the resource by: labels, parameters, headers and members of the body. */
    static Set<String> names(Operation operation) {
        Set<String> names = new LinkedHashSet<>();
        for (Permission permission : operation.permissions()) {
            Matcher place = PLACE.matcher(permission.resource().replace(NAMED_SHADOW, ""));
            while (place.find()) {
                names.add(place.group(2));
            }
        }
        return names;
    }

    /** Requests for an operation: with and without the name of a shadow, with and without a flag that needs a further
     * permission.
     *
     * @param values what each name stands for
     */
    static List<Asked> of(Operation operation, UnaryOperator<String> values) {
        List<Map<String, String>> queries = new ArrayList<>(List.of(Map.of()));
        for (Permission permission : operation.permissions()) {
            if (permission.resource().endsWith(NAMED_SHADOW)) {
                queries.add(Map.of("name", SHADOW));
            }
            if (permission.flag() != null) {
                queries.add(Map.of(permission.flag(), "true"));
            }
        }
        return queries.stream().map(query -> of(operation, values, query)).toList();
    }

    private static Asked of(Operation operation, UnaryOperator<String> values, Map<String, String> further) {
        String path = path(operation, values);
        Map<String, String> query = new TreeMap<>(further);
        Map<String, String> headers = new TreeMap<>();
        ObjectNode body = new JsonMapper().createObjectNode();
        body.putObject("state").putObject("desired").put("on", false);
        for (Permission permission : operation.permissions()) {
            permission.context().values().forEach(name -> query.put(name, values.apply(name)));
            Matcher place = PLACE.matcher(permission.resource().replace(NAMED_SHADOW, ""));
            while (place.find()) {
                String value = values.apply(place.group(2));
                switch (String.valueOf(place.group(1))) {
                    case "query" -> query.put(place.group(2), value);
                    case "header" -> headers.put(place.group(2), value);
                    case "body", "given" -> body.put(place.group(2), value);
                    case "each" -> body.putArray(place.group(2)).add(value);
                    default -> {
                        // It stands in the path.
                    }
                }
            }
        }
        StringBuilder target = new StringBuilder(path);
        query.forEach((name, value) -> target.append(target.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(encoded(value)));
        boolean hasBody =
                !operation.method().equals("GET") && !operation.method().equals("DELETE");
        return new Asked(operation.method(), target.toString(), headers, hasBody ? body.toString() : "");
    }

    private static String path(Operation operation, UnaryOperator<String> values) {
        Matcher label = Pattern.compile("\\{([A-Za-z0-9]+)\\+?\\}")
                .matcher(operation.uri().toString());
        return label.replaceAll(found -> Matcher.quoteReplacement(encoded(values.apply(found.group(1)))));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The statements that allow an operation on the resources of these names, and no other. */
    static String statement(Operation operation, UnaryOperator<String> values, String arn) {
        List<String> statements = new ArrayList<>();
        for (Permission permission : operation.permissions()) {
            Set<String> resources = new LinkedHashSet<>();
            String resource = permission.resource();
            resources.add(resource(resource.replace(NAMED_SHADOW, ""), values, arn));
            resources.add(resource(resource.replace(NAMED_SHADOW, "/" + SHADOW), values, arn));
            statements.add("{\"Effect\":\"Allow\",\"Action\":\"" + permission.action() + "\",\"Resource\":[\""
                    + String.join("\",\"", resources) + "\"]}");
        }
        return String.join(",", statements);
    }

    private static String resource(String template, UnaryOperator<String> values, String arn) {
        String filled =
                PLACE.matcher(template).replaceAll(found -> Matcher.quoteReplacement(values.apply(found.group(2))));
        return filled.startsWith("arn:") || filled.equals("*") ? filled : arn + filled;
    }
}
