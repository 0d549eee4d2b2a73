package dev.roundtrip.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    enum Kind {
        TARGET("[a-zA-Z0-9:_-]{1,128}", text -> new Target(text).value()),
        METHOD("[a-zA-Z0-9:._-]{1,64}", text -> new Method(text).value()),
        CLIENT_PREFIX("[a-zA-Z0-9:_-]{1,91}", text -> new ClientPrefix(text).value());

        final String rule;

        @SuppressWarnings("ImmutableEnumChecker") // a method reference
        final Function<String, String> make;

        Kind(String rule, Function<String, String> make) {
            this.rule = rule;
            this.make = make;
        }
    }

    /** Mostly near misses: what a name may have, and a little of what it must not. */
    @Provide
    Arbitrary<String> nearNames() {
        return Arbitraries.oneOf(
                Anything.name(":._-", 130),
                Arbitraries.strings()
                        .withChars("aZ09:._-/+#$ \n\u0000é١\u212A\uD83D\uDE00")
                        .ofMaxLength(140));
    }

    @Property
    void a_name_is_what_its_rule_says_and_nothing_else(@ForAll Kind kind, @ForAll("nearNames") String text) {
        if (text.matches(kind.rule)) {
            assertThat(kind.make.apply(text)).isEqualTo(text);
        } else {
            assertThatThrownBy(() -> kind.make.apply(text))
                    .isInstanceOf(MalformedNameException.class)
                    .hasMessageNotContainingAny("\n", "\u0000");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | target must not be empty",
                "a/b | target may have letters, digits and any of :_- only, but has '/' at position 2",
                "\uD83D\uDE00 | target may have letters, digits and any of :_- only, but has U+1F600 at position 1",
            })
    void a_refusal_says_what_is_wrong_and_where(String text, String message) {
        assertThatExceptionOfType(MalformedNameException.class)
                .isThrownBy(() -> new Target(text))
                .withMessage(message);
    }

    @RepeatedTest(100)
    void a_message_id_reads_back() {
        MessageId id = MessageId.random();

        assertThat(MessageId.of(id.toString())).isEqualTo(id);
        assertThat(id.value().version()).isEqualTo(4);
    }

    @RepeatedTest(100)
    void an_instance_reads_back_and_no_prefix_thing_or_call_can_have_its_name() {
        Instance instance = Instance.random();

        assertThat(new Instance(instance.toString())).isEqualTo(instance);
        assertThat(instance.value()).matches("\\.[a-z2-7]{9}");
        assertThat(instance).isNotEqualTo(Instance.random());
        assertThatThrownBy(() -> new ClientPrefix(instance.value())).isInstanceOf(MalformedNameException.class);
        assertThatThrownBy(() -> new Target(instance.value())).isInstanceOf(MalformedNameException.class);
        assertThatThrownBy(() -> MessageId.of(instance.value())).isInstanceOf(MalformedNameException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "abcdefgh23",
                ".abcdefgh",
                ".abcdefgh23",
                ".ABCDEFGH2",
                ".abcdefgh1",
                ".abcdefg/2",
                ".abcdefg+2"
            })
    void a_text_that_is_not_a_dot_and_nine_of_the_alphabet_is_no_instance(String text) {
        assertThatThrownBy(() -> new Instance(text)).isInstanceOf(MalformedNameException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".abcdefgh2",
                "/8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11",
                ".abcdefgh2/",
                ".abcdefgh2//8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11",
                ".abcdefgh2/8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11/",
                "other/8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11",
                "8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11/.abcdefgh2"
            })
    void a_text_that_is_neither_an_id_nor_an_id_behind_an_instance_names_no_call(String text) {
        assertThatThrownBy(() -> WireId.of(text)).isInstanceOf(MalformedNameException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1-1-1-1-1",
                "8C0F8E6A-2F0B-4D62-9F2B-0E8B7E7C1A11",
                "{8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11}",
                "8c0f8e6a2f0b4d629f2b0e8b7e7c1a11",
                " 8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a11",
                "8c0f8e6a-2f0b-1d62-9f2b-0e8b7e7c1a11",
                "8c0f8e6a-2f0b-4d62-1f2b-0e8b7e7c1a11",
                "8c0f8e6a-2f0b-4d62-9f2b-0e8b7e7c1a1\u0661",
                "00000000-0000-0000-0000-000000000000",
                "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz"
            })
    void a_text_that_is_no_random_uuid_in_lower_case_is_no_message_id(String text) {
        assertThatThrownBy(() -> MessageId.of(text)).isInstanceOf(MalformedNameException.class);
    }

    @Test
    void a_uuid_made_of_a_name_is_no_message_id() {
        UUID named = UUID.nameUUIDFromBytes(new byte[] {1});

        assertThatThrownBy(() -> new MessageId(named)).isInstanceOf(MalformedNameException.class);
    }

    @Property
    void client_id_of_the_gateway_fits_and_is_no_things_and_no_other_deployments(
            @ForAll("prefixes") String ours, @ForAll("prefixes") String theirs) {
        String id = new ClientPrefix(ours).clientId(UUID.randomUUID());

        assertThat(id.length()).isLessThanOrEqualTo(128);
        assertThatThrownBy(() -> new Target(id)).isInstanceOf(MalformedNameException.class);
        assertThat(id.startsWith(theirs + ".")).isEqualTo(ours.equals(theirs));
    }

    /** Often one is the beginning of the other. */
    @Provide
    Arbitrary<String> prefixes() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withChars("a_:-").ofMinLength(1).ofMaxLength(4),
                Arbitraries.just("a".repeat(ClientPrefix.MAX_LENGTH)));
    }
}
