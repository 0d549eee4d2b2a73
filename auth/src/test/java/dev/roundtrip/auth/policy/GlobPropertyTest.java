package dev.roundtrip.auth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class GlobPropertyTest {
    @Property(tries = 20_000)
    void agrees_with_the_definition(@ForAll("patterns") String pattern, @ForAll("texts") String text)
            throws MalformedPolicyException {
        Glob glob =
                Template.withWildcards(pattern).resolve(PolicyContext.empty()).orElseThrow();

        assertThat(glob.matches(text)).isEqualTo(naively(pattern, text));
    }

    @Property(tries = 5_000)
    void sees_only_the_part_it_is_asked_about(@ForAll("patterns") String pattern, @ForAll("texts") String text)
            throws MalformedPolicyException {
        Glob glob =
                Template.withWildcards(pattern).resolve(PolicyContext.empty()).orElseThrow();

        assertThat(glob.matches("ab/" + text + "/ab", 3, 3 + text.length())).isEqualTo(glob.matches(text));
    }

    @Property
    void without_wildcards_only_itself_matches(@ForAll("patterns") String pattern, @ForAll("texts") String text)
            throws MalformedPolicyException {
        Glob glob = Template.withoutWildcards(pattern)
                .resolve(PolicyContext.empty())
                .orElseThrow();

        assertThat(glob.matches(text)).isEqualTo(pattern.equals(text));
        assertThat(glob.matches(pattern)).isTrue();
    }

    @Property
    void a_value_is_never_a_wildcard(
            @ForAll("patterns") String before,
            @ForAll("patterns") String value,
            @ForAll("patterns") String after,
            @ForAll("texts") String text)
            throws MalformedPolicyException {
        PolicyContext context = PolicyContext.empty().with("iot:ClientId", value);
        Glob glob = Template.withWildcards(before + "${iot:ClientId}" + after)
                .resolve(context)
                .orElseThrow();

        String escaped = value.replace("*", "\u0001").replace("?", "\u0002");
        String pattern = before + escaped + after;
        assertThat(glob.matches(text.replace('\u0001', '*').replace('\u0002', '?')))
                .isEqualTo(naively(pattern, text));
    }

    @Property(tries = 200)
    void a_pattern_of_many_wildcards_is_decided_in_few_steps(@ForAll("patterns") String piece)
            throws MalformedPolicyException {
        Glob glob = Template.withWildcards(("*a*" + piece).repeat(60) + "*!")
                .resolve(PolicyContext.empty())
                .orElseThrow();

        assertThat(glob.matches("a".repeat(2_000))).isFalse();
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.strings().withChars("ab/*?").ofMaxLength(9);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("ab/\u0001\u0002").ofMaxLength(12);
    }

    /** The definition, in as many steps as it takes. */
    private static boolean naively(String pattern, String text) {
        if (pattern.isEmpty()) {
            return text.isEmpty();
        }
        String rest = pattern.substring(1);
        return switch (pattern.charAt(0)) {
            case '*' -> naively(rest, text) || (!text.isEmpty() && naively(pattern, text.substring(1)));
            case '?' -> !text.isEmpty() && naively(rest, text.substring(1));
            default -> !text.isEmpty() && text.charAt(0) == pattern.charAt(0) && naively(rest, text.substring(1));
        };
    }
}
