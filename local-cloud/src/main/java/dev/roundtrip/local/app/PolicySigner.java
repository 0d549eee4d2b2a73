package dev.roundtrip.local.app;

import dev.roundtrip.auth.policy.BoundPolicies;
import dev.roundtrip.auth.policy.PolicyContext;
import dev.roundtrip.auth.sigv4.IamIdentity;
import dev.roundtrip.local.http.operation.RequestAuthentication.Access;
import dev.roundtrip.local.http.operation.RequestAuthentication.Signer;
import dev.roundtrip.local.iot.registry.Account;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Whoever asks for an operation over HTTP, with the policies that count for the request. Immutable.
 *
 * @param identity null for a device
 * @param policies binds them to what they may know of a request
 * @param context what they may know of every request
 * @param account whose resources names without an ARN are
 */
record PolicySigner(
        String arn,
        @Nullable IamIdentity identity,
        Function<PolicyContext, BoundPolicies> policies,
        PolicyContext context,
        Account account)
        implements Signer {

    @Override
    public boolean may(Access access) {
        return bound(access).allows(access.action(), resource(access));
    }

    @Override
    public String refusal(Access access) {
        return bound(access).refusal(access.action(), resource(access));
    }

    private BoundPolicies bound(Access access) {
        PolicyContext all = context;
        for (Map.Entry<String, String> key : access.context().entrySet()) {
            all = all.with(key.getKey(), key.getValue());
        }
        return policies.apply(all);
    }

    private String resource(Access access) {
        String resource = access.resource();
        return resource.equals("*") || resource.startsWith("arn:") ? resource : account.iotArn(resource);
    }
}
