package dev.roundtrip.auth.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** All policies of one principal, for one connection: variables replaced, conditions decided.
 *
 * <p>Immutable and thread-safe. A decision allocates nothing and takes time proportional to the patterns of the
 * statements that speak of the action.
 */
public final class BoundPolicies {
    private final BoundStatement[] denying;
    private final BoundStatement[] allowing;

    /** Where each denying statement stands. */
    private final List<String> denyingNames;

    /** Why nothing is allowed where no statement denies it. */
    private final String withoutAllowance;

    private BoundPolicies(
            List<BoundStatement> denying,
            List<String> denyingNames,
            List<BoundStatement> allowing,
            String withoutAllowance) {
        this.withoutAllowance = withoutAllowance;
        this.denying = denying.toArray(BoundStatement[]::new);
        this.denyingNames = List.copyOf(denyingNames);
        this.allowing = allowing.toArray(BoundStatement[]::new);
    }

    /** Binds policies to what is known of a connection or request. A statement with a variable that has no value there
     * speaks of nothing. Where a variable has a value with which a statement would speak of other topics than it says,
     * nothing is allowed: to pass over that statement alone would pass over a denial.
     *
     * @param policies attached to the principal, in any order; none means that nothing is allowed
     */
    public static BoundPolicies of(Collection<Policy> policies, PolicyContext context) {
        List<BoundStatement> denying = new ArrayList<>();
        List<String> denyingNames = new ArrayList<>();
        List<BoundStatement> allowing = new ArrayList<>();
        int number = 0;
        for (Policy policy : policies) {
            number++;
            for (Statement statement : policy.statements()) {
                Optional<BoundStatement> bound = statement.bind(context);
                bound.ifPresent((statement.effect() == Effect.DENY ? denying : allowing)::add);
                if (bound.isPresent() && statement.effect() == Effect.DENY) {
                    denyingNames.add(
                            policies.size() == 1 ? statement.name() : "policy " + number + ", " + statement.name());
                }
            }
        }
        Optional<String> unsafe = UnsafeValues.reason(policies, context);
        return new BoundPolicies(
                denying,
                denyingNames,
                unsafe.isPresent() ? List.of() : allowing,
                unsafe.orElse("no statement allows it"));
    }

    /** Decides about one action on one resource: denied unless allowed, and a denial wins.
     *
     * @param action for example {@code iot:Publish}, in any case
     * @param resource an ARN, for example {@code arn:aws:iot:us-east-1:000000000000:topic/a/b}; or {@code *} for an
     *     action that has no resource
     */
    public Decision decide(String action, String resource) {
        if (anySpeaksOf(denying, action, resource)) {
            return Decision.EXPLICITLY_DENIED;
        }
        return anySpeaksOf(allowing, action, resource) ? Decision.ALLOWED : Decision.IMPLICITLY_DENIED;
    }

    /** Whether {@link #decide} says {@link Decision#ALLOWED}. */
    public boolean allows(String action, String resource) {
        return decide(action, resource) == Decision.ALLOWED;
    }

    /** Why {@link #decide} does not say {@link Decision#ALLOWED}: the statement that denies, or that none allows. Costs
     * more than a decision; for a log, and not for whoever was refused.
     *
     * @param action as in {@link #decide}
     * @param resource as in {@link #decide}
     */
    public String refusal(String action, String resource) {
        for (int i = 0; i < denying.length; i++) {
            if (denying[i].speaksOf(action, resource)) {
                return denyingNames.get(i) + " denies it";
            }
        }
        return withoutAllowance;
    }

    private static boolean anySpeaksOf(BoundStatement[] statements, String action, String resource) {
        for (BoundStatement statement : statements) {
            if (statement.speaksOf(action, resource)) {
                return true;
            }
        }
        return false;
    }
}
