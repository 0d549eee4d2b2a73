package dev.roundtrip.auth.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One statement of a policy, as written.
 *
 * @param name where it stands in its policy, and its Sid when it has one
 * @param variables the names of its policy variables, as written
 */
record Statement(
        String name,
        Effect effect,
        Listed<Glob> actions,
        Listed<ArnTemplate> resources,
        List<Condition> conditions,
        Set<String> variables) {
    Statement {
        variables = Set.copyOf(variables);
        conditions = List.copyOf(conditions);
    }

    /** The statement as it stands for one connection; empty when a condition does not hold or a variable has no value.
     */
    Optional<BoundStatement> bind(PolicyContext context) {
        List<ArnPattern> patterns = new ArrayList<>();
        for (ArnTemplate resource : resources.patterns()) {
            Optional<ArnPattern> pattern = resource.resolve(context);
            if (pattern.isEmpty()) {
                return Optional.empty();
            }
            patterns.add(pattern.get());
        }
        return conditions.stream().allMatch(condition -> condition.holds(context))
                ? Optional.of(new BoundStatement(actions, new Listed<>(resources.sense(), patterns)))
                : Optional.empty();
    }

    /** Whether it is about an action, whatever the resource. */
    boolean speaksOf(String action) {
        return actions.patterns().stream().anyMatch(pattern -> pattern.matches(action))
                == (actions.sense() == Sense.LISTED);
    }
}
