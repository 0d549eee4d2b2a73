package dev.roundtrip.local.iot.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Member.Kind;
import dev.roundtrip.local.http.operation.Member.Place;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.iot.control.TestControlPlane.Answer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Wrong requests, made from what the table of operations says of their input: each has one member that is missing, too
 * short or long, of another form, or none of the values there are.
 */
class InputVariantsTest {
    /** How many variants there were when this was last looked at; it may only rise. */
    private static final int AT_LEAST = 179;

    private static final String TOO_LONG = "a";

    private final TestControlPlane test = new TestControlPlane();

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    /** A wrong request.
     *
     * @param value of the member; empty when it is left out
     */
    private record Variant(Operation operation, Member member, String why, List<String> value) {
        @Override
        public String toString() {
            return operation.name() + ": " + member.name() + " is " + why;
        }
    }

    private static List<Variant> variants(Operation operation) {
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

    private Answer ask(Variant variant) {
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
                case PATH ->
                    path = path.replace("{" + member.sent() + "}", URLEncoder.encode(value, StandardCharsets.UTF_8));
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
        return test.ask(
                variant.operation().method(),
                target.toString(),
                body.isEmpty() ? "" : body.toString(),
                headers.toArray(String[]::new));
    }

    @Test
    void each_wrong_request_is_refused_as_invalid() {
        List<Variant> variants = test.table.operations().stream()
                .flatMap(operation -> variants(operation).stream())
                .toList();

        System.out.println("variants of requests to the control plane: " + variants.size());
        assertThat(variants).hasSizeGreaterThanOrEqualTo(AT_LEAST).allSatisfy(variant -> {
            Answer answer = ask(variant);
            assertThat(answer.error()).as(variant.toString()).isEqualTo("InvalidRequestException");
            assertThat(answer.status()).as(variant.toString()).isEqualTo(400);
        });
    }

    @Test
    void each_operation_is_refused_without_its_permission_and_asks_for_its_own_action() {
        test.denied = "*";
        List<Operation> served = test.table.operations().stream()
                .filter(operation -> operation.handler() != null)
                .toList();

        assertThat(served).isNotEmpty().allSatisfy(operation -> {
            test.asked.clear();
            // No wrong member: the policy is asked with what the request has.
            Member none = Member.path("none");
            Answer answer = ask(new Variant(operation, none, "right", List.of("")));
            assertThat(answer.status()).as(operation.name()).isEqualTo(403);
            assertThat(answer.error()).as(operation.name()).isEqualTo("ForbiddenException");
            assertThat(test.asked.getFirst().action()).isEqualTo("iot:" + operation.name());
        });
    }
}
