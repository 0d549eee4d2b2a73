package dev.roundtrip.auth.principal;

import dev.roundtrip.auth.policy.BoundPolicies;
import dev.roundtrip.auth.policy.Policy;
import dev.roundtrip.auth.policy.PolicyContext;
import dev.roundtrip.auth.sigv4.AccessKey;
import java.util.List;
import java.util.Map;

/** An IAM user with an access key. Immutable.
 *
 * @param name as {@code aws:username} has it
 * @param key what the user signs with
 */
public record IamUser(String name, AccessKey key, List<Policy> policies) implements Principal {
    public IamUser {
        policies = List.copyOf(policies);
    }

    @Override
    public String id() {
        return key.caller().userId();
    }

    /** The policies as they count for a request.
     *
     * @param sourceIp where the request comes from
     */
    public BoundPolicies bind(String sourceIp) {
        return bind(context(sourceIp));
    }

    /** The policies as they count for a request of which more is known than its sender.
     *
     * @param context what {@link #context} has, and more
     */
    public BoundPolicies bind(PolicyContext context) {
        return BoundPolicies.of(policies, context);
    }

    /** What policies may know of every request of this user.
     *
     * @param sourceIp where the request comes from
     */
    public PolicyContext context(String sourceIp) {
        return PolicyContext.of(Map.of(
                "aws:SourceIp", sourceIp,
                "aws:username", name,
                "aws:userid", id(),
                "aws:PrincipalArn", key.caller().arn(),
                "aws:PrincipalAccount", key.caller().accountId()));
    }
}
