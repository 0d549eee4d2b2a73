package dev.roundtrip.local.http.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.operation.Member.Place;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A wrong request, made from what the table of operations says of the input: one member is missing, too short or long,
 * of another form, or none of the values there are.
 *
 * @param value of the member; empty when it is left out
 */
public record WrongRequest(Operation operation, Member member, String why, List<String> value) {
    private static final String TOO_LONG = "a";

    /** What is sent.
     *
     * @param target path and query
     * @param body empty for none
     * @param headers name, value, name, value and so on
     */
    public record Sent(String method, String target, String body, List<String> headers) {}

    @Override
    public String toString() {
        return operation.name() + ": " + member.name() + " is " + why;
    }

    /** All wrong requests for an operation. */
    public static List<WrongRequest> of(Operation operation) {
        List<WrongRequest> variants = new ArrayList<>();
        for (Member member : operation.input().members()) {
            if (member.required() && member.place() != Place.PATH) {
                variants.add(new WrongRequest(operation, member, "missing", List.of()));
            }
            switch (member.kind()) {
                case TEXT -> texts(operation, member, variants);
                case NUMBER -> {
                    variants.add(new WrongRequest(operation, member, "no number", List.of("x")));
                    if (member.max() < Long.MAX_VALUE) {
                        String greater = Long.toString(member.max() + 1);
                        String less = Long.toString(member.min() - 1);
                        variants.add(new WrongRequest(operation, member, "too great", List.of(greater)));
                        variants.add(new WrongRequest(operation, member, "too small", List.of(less)));
                    }
                }
                case FLAG -> variants.add(new WrongRequest(operation, member, "no flag", List.of("perhaps")));
                case OBJECT, LIST -> variants.add(new WrongRequest(operation, member, "a string", List.of("x")));
            }
        }
        return variants;
    }

    private static void texts(Operation operation, Member member, List<WrongRequest> variants) {
        // A longer request is not read at all.
        if (member.max() < 400_000 && member.max() < (member.place() == Place.BODY ? 400_000 : 5_000)) {
            String longer = TOO_LONG.repeat((int) member.max() + 1);
            variants.add(new WrongRequest(operation, member, "too long", List.of(longer)));
        }
        if (member.min() > 1) {
            variants.add(new WrongRequest(operation, member, "too short", List.of(TOO_LONG)));
        }
        if (member.min() == 1 && member.place() == Place.BODY) {
            variants.add(new WrongRequest(operation, member, "empty", List.of("")));
        }
        if (member.pattern() != null && member.place() != Place.HEADER) {
            String other = "\u0001".repeat((int) Math.max(1, member.min()));
            variants.add(new WrongRequest(operation, member, "of another form", List.of(other)));
        }
        if (!member.oneOf().isEmpty()) {
            variants.add(new WrongRequest(operation, member, "unknown", List.of("UNKNOWN")));
        }
    }

    private static String valid(Member member) {
        return switch (member.kind()) {
            case NUMBER -> Long.toString(Math.max(1, member.min()));
            case FLAG -> "true";
            case OBJECT, LIST -> "";
            case TEXT ->
                member.oneOf().isEmpty()
                        ? member.pattern() == null
                                ? "x".repeat((int) Math.max(1, member.min()))
                                : "1".repeat((int) Math.max(1, member.min()))
                        : member.oneOf().getFirst();
        };
    }

    private static JsonNode inBody(Member member, String value) {
        return switch (member.kind()) {
            case NUMBER -> JsonNodeFactory.instance.numberNode(Long.parseLong(value));
            case OBJECT -> JsonNodeFactory.instance.objectNode();
            case LIST -> JsonNodeFactory.instance.arrayNode();
            case FLAG -> JsonNodeFactory.instance.booleanNode(true);
            case TEXT -> JsonNodeFactory.instance.textNode(value);
        };
    }

    /** The request. */
    public Sent sent() {
        String path = operation.uri().toString();
        Map<String, String> query = new TreeMap<>();
        List<String> headers = new ArrayList<>();
        ObjectNode body = new JsonMapper().createObjectNode();
        for (Member each : operation.input().members()) {
            boolean wrong = each.equals(member);
            if ((wrong && this.value.isEmpty()) || (!wrong && !each.required())) {
                continue;
            }
            String value = wrong ? this.value.getFirst() : valid(each);
            switch (each.place()) {
                case PATH -> {
                    String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
                    path = path.replace("{" + each.sent() + "}", encoded).replace("{" + each.sent() + "+}", encoded);
                }
                case QUERY -> query.put(each.sent(), URLEncoder.encode(value, StandardCharsets.UTF_8));
                case HEADER -> headers.addAll(List.of(each.sent(), value));
                case BODY -> {
                    if (wrong) {
                        body.put(each.sent(), value);
                    } else {
                        body.set(each.sent(), inBody(each, value));
                    }
                }
            }
        }
        StringBuilder target = new StringBuilder(path);
        query.forEach((name, value) -> target.append(target.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(value));
        return new Sent(operation.method(), target.toString(), body.isEmpty() ? "" : body.toString(), headers);
    }
}
