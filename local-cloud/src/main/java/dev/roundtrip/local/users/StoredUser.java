package dev.roundtrip.local.users;

import dev.roundtrip.auth.policy.Policy;
import java.util.List;

/** Somebody with an access key of its own, as it was when it was looked up.
 *
 * @param name as {@code aws:username} has it
 * @param credentials what it signs with
 * @param policies what it may do
 * @param files where that stands
 */
public record StoredUser(UserName name, Credentials credentials, List<Policy> policies, UserFiles files) {
    public StoredUser {
        policies = List.copyOf(policies);
    }
}
