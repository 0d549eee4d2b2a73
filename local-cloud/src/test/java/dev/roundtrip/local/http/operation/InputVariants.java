package dev.roundtrip.local.http.operation;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.operation.Member.Kind;
import dev.roundtrip.local.http.operation.Member.Place;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Wrong requests, made from what a table says of an operation's input: each has one member that is missing, too short
 * or long, of another form, or none of the values there are.
 */
public final class InputVariants {
    private static final String TOO_LONG = "a";

    private InputVariants() {}

    /** A request.
     *
     * @param target path and query
     * @param body empty for none
     * @param headers name, value, name, value and so on
     */
    public record Request(String method, String target, String body, List<String> headers) {}

    /** A wrong request.
     *
     * @param value of the member; empty when it is left out
     */
    public record Variant(Operation operation, Member member, String why, List<String> value) {
        @Override
        public String toString() {
            return operation.name() + ": " + member.name() + " is " + why;
        }
    }

    /** The wrong requests for an operation. */
    public static List<Variant> of(Operation operation) {
        List<Variant> variants = new ArrayList<>();
        for (Member member : operation.input().members()) {
            if (member.required() && member.place() != Place.PATH) {
                variants.add(new Variant(operation, member, "missing", List.of()));
            }
            switch (member.kind()) {
                case TEXT -> texts(operation, member, variants);
                case NUMBER -> {
                    variants.add(new Variant(operation, member, "no number", List.of("x")));
                    if (member.max() < Long.MAX_VALUE) {
                        String greater = Long.toString(member.max() + 1);
                        String less = Long.toString(member.min() - 1);
                        variants.add(new Variant(operation, member, "too great", List.of(greater)));
                        variants.add(new Variant(operation, member, "too small", List.of(less)));
                    }
                }
                case FLAG -> variants.add(new Variant(operation, member, "no flag", List.of("perhaps")));
                case OBJECT, LIST -> variants.add(new Variant(operation, member, "a string", List.of("x")));
            }
        }
        return variants;
    }

    private static void texts(Operation operation, Member member, List<Variant> variants) {
        // A longer request is not read at all.
        if (member.max() < 400_000 && member.max() < (member.place() == Place.BODY ? 400_000 : 5_000)) {
            String longer = TOO_LONG.repeat((int) member.max() + 1);
            variants.add(new Variant(operation, member, "too long", List.of(longer)));
        }
        if (member.min() > 1) {
            variants.add(new Variant(operation, member, "too short", List.of(TOO_LONG)));
        }
        if (member.min() == 1 && member.place() == Place.BODY) {
            variants.add(new Variant(operation, member, "empty", List.of("")));
        }
        if (member.pattern() != null && member.place() != Place.HEADER) {
            String other = "\u0001".repeat((int) Math.max(1, member.min()));
            variants.add(new Variant(operation, member, "of another form", List.of(other)));
        }
        if (!member.oneOf().isEmpty()) {
            variants.add(new Variant(operation, member, "unknown", List.of("UNKNOWN")));
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

    /** The request with what is wrong, and all that must be there. */
    public static Request request(Variant variant) {
        String path = variant.operation().uri().toString();
        Map<String, String> query = new TreeMap<>();
        List<String> headers = new ArrayList<>();
        ObjectNode body = new JsonMapper().createObjectNode();
        for (Member member : variant.operation().input().members()) {
            boolean wrong = member.equals(variant.member());
            if ((wrong && variant.value().isEmpty()) || (!wrong && !member.required())) {
                continue;
            }
            String value = wrong ? variant.value().getFirst() : valid(member);
            switch (member.place()) {
                case PATH -> {
                    String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
                    path = path.replace("{" + member.sent() + "}", encoded)
                            .replace("{" + member.sent() + "+}", encoded);
                }
                case QUERY -> query.put(member.sent(), URLEncoder.encode(value, StandardCharsets.UTF_8));
                case HEADER -> headers.addAll(List.of(member.sent(), value));
                case BODY -> {
                    if (!wrong && member.kind() == Kind.NUMBER) {
                        body.put(member.sent(), Long.parseLong(value));
                    } else {
                        body.put(member.sent(), value);
                    }
                }
            }
        }
        StringBuilder target = new StringBuilder(path);
        query.forEach((name, value) -> target.append(target.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(value));
        return new Request(
                variant.operation().method(), target.toString(), body.isEmpty() ? "" : body.toString(), headers);
    }
}
