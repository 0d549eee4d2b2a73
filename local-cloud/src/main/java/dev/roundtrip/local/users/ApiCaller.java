package dev.roundtrip.local.users;

import dev.roundtrip.auth.policy.Policy;
import java.util.List;

/** Somebody with an access key of his own, as he was when he was looked up.
 *
 * @param name as {@code aws:username} has it
 * @param credentials what he signs with
 * @param policies what he may do
 * @param files where that stands
 */
public record ApiCaller(CallerName name, Credentials credentials, List<Policy> policies, CallerFiles files) {
    public ApiCaller {
        policies = List.copyOf(policies);
    }
}
