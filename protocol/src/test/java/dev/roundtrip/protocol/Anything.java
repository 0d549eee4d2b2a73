package dev.roundtrip.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary values of the contract. */
final class Anything {
    private Anything() {}

    static Arbitrary<String> name(String extraCharacters, int maxLength) {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('A', 'Z')
                .withCharRange('0', '9')
                .withChars(extraCharacters)
                .ofMinLength(1)
                .ofMaxLength(maxLength);
    }

    static Arbitrary<MessageId> messageId() {
        return Arbitraries.create(MessageId::random);
    }

    /** With an instance, or without. */
    static Arbitrary<WireId> wireId() {
        return Combinators.combine(Arbitraries.create(Instance::random).injectNull(0.5), messageId())
                .as(WireId::new);
    }

    static Arbitrary<Route> route() {
        return Combinators.combine(
                        name(":_-", ClientPrefix.MAX_LENGTH),
                        wireId(),
                        name(":_-", Target.MAX_LENGTH),
                        name(":._-", Method.MAX_LENGTH))
                .as((prefix, id, target, method) ->
                        new Route(new ClientPrefix(prefix), id, new Target(target), new Method(method)));
    }

    /** Any text, lone surrogates and control characters included. */
    static Arbitrary<String> text() {
        return Arbitraries.strings()
                .withCharRange(Character.MIN_VALUE, Character.MAX_VALUE)
                .ofMaxLength(20);
    }

    /** Any text without lone surrogates, which JSON's readers refuse in names. */
    private static Arbitrary<String> wellFormed() {
        return text().map(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }

    /** Any JSON value, with the digits of its numbers as somebody may have typed them. */
    static Arbitrary<JsonNode> json() {
        Arbitrary<JsonNode> scalar = Arbitraries.oneOf(
                Arbitraries.just(NullNode.getInstance()),
                Arbitraries.of(BooleanNode.TRUE, BooleanNode.FALSE),
                text().map(TextNode::valueOf),
                Arbitraries.bigIntegers()
                        .between(BigInteger.TEN.pow(300).negate(), BigInteger.TEN.pow(300))
                        .map(Anything::asRead),
                Combinators.combine(
                                Arbitraries.bigIntegers(),
                                Arbitraries.integers().between(-1_000, 1_000).filter(scale -> scale != 0))
                        .as((digits, scale) -> DecimalNode.valueOf(new BigDecimal(digits, scale))));
        return Arbitraries.lazyOf(
                () -> scalar,
                () -> scalar,
                () -> json().list().ofMaxSize(3).map(elements -> {
                    ArrayNode array = JsonNodeFactory.instance.arrayNode();
                    elements.forEach(array::add);
                    return array;
                }),
                () -> Combinators.combine(wellFormed(), json(), wellFormed(), json())
                        .as((key, value, other, another) -> {
                            ObjectNode object = JsonNodeFactory.instance.objectNode();
                            object.set(key, value);
                            object.set(other, another);
                            return object;
                        }));
    }

    /** Jackson reads a small number as a small node. */
    private static JsonNode asRead(BigInteger number) {
        if (number.bitLength() < 32) {
            return JsonNodeFactory.instance.numberNode(number.intValue());
        }
        return number.bitLength() < 64
                ? JsonNodeFactory.instance.numberNode(number.longValue())
                : BigIntegerNode.valueOf(number);
    }
}
