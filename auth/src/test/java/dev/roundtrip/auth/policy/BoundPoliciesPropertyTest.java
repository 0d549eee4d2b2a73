package dev.roundtrip.auth.policy;

import static dev.roundtrip.auth.policy.Policies.iot;
import static dev.roundtrip.auth.policy.Policies.policy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class BoundPoliciesPropertyTest {
    @Property
    void a_denial_wins_over_whatever_else_is_said(
            @ForAll @Size(max = 6) List<@net.jqwik.api.From("statements") String> others,
            @ForAll("names") String action,
            @ForAll("names") String topic) {
        List<Policy> policies =
                new ArrayList<>(others.stream().map(Policies::policy).toList());
        policies.add(
                policy("{'Effect':'Deny','Action':'iot:%s','Resource':'%s'}".formatted(action, iot("topic/" + topic))));

        assertThat(BoundPolicies.of(policies, PolicyContext.empty()).decide("iot:" + action, iot("topic/" + topic)))
                .isEqualTo(Decision.EXPLICITLY_DENIED);
    }

    @Property
    void neither_order_nor_grouping_matters(
            @ForAll @Size(max = 6) List<@net.jqwik.api.From("statements") String> statements,
            @ForAll("names") String action,
            @ForAll("names") String topic,
            @ForAll Random random) {
        List<String> shuffled = new ArrayList<>(statements);
        Collections.shuffle(shuffled, random);
        List<Policy> apart = statements.stream().map(Policies::policy).toList();
        List<Policy> together = shuffled.isEmpty() ? List.of() : List.of(policy(shuffled.toArray(String[]::new)));

        assertThat(BoundPolicies.of(together, PolicyContext.empty()).decide("iot:" + action, iot("topic/" + topic)))
                .isEqualTo(
                        BoundPolicies.of(apart, PolicyContext.empty()).decide("iot:" + action, iot("topic/" + topic)));
    }

    @Property
    void a_client_reaches_only_its_own_topics_whatever_it_is_called(
            @ForAll("hostileNames") String clientId, @ForAll("hostileNames") String level)
            throws MalformedPolicyException {
        Policy policy = policy("{'Effect':'Allow','Action':'iot:Publish','Resource':'%s'}"
                .formatted(iot("topic/own/${iot:ClientId}/end")));
        BoundPolicies bound =
                BoundPolicies.of(List.of(policy), PolicyContext.empty().with("iot:ClientId", clientId));

        boolean isSafe = !clientId.startsWith("$") && !clientId.matches(".*[+#/].*");
        assertThat(bound.allows("iot:Publish", iot("topic/own/" + clientId + "/end")))
                .isEqualTo(isSafe);
        assertThat(bound.allows("iot:Publish", iot("topic/own/" + level + "/end")))
                .isEqualTo(isSafe && level.equals(clientId));
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of("a", "b", "aa");
    }

    @Provide
    Arbitrary<String> hostileNames() {
        return Arbitraries.strings().withChars("a*?${}:/+#i").ofMinLength(1).ofMaxLength(6);
    }

    @Provide
    Arbitrary<String> statements() {
        return Combinators.combine(
                        Arbitraries.of("Allow", "Allow", "Deny"),
                        Arbitraries.of("Action", "NotAction"),
                        Arbitraries.of("a", "b", "a*", "*"),
                        Arbitraries.of("Resource", "NotResource"),
                        Arbitraries.of("a", "b", "a*", "*", "?"))
                .as((effect, actionElement, action, resourceElement, topic) -> "{'Effect':'%s','%s':'iot:%s','%s':'%s'}"
                        .formatted(effect, actionElement, action, resourceElement, iot("topic/" + topic)));
    }
}
