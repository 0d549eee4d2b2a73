package dev.roundtrip.local.iot.authorization;

import dev.roundtrip.auth.policy.PolicyContext;
import java.util.List;
import java.util.Optional;

/** Knows whose policies there are. Thread-safe; may block for a short time. */
public interface KnownPrincipals {
    /** A principal as policies know it.
     *
     * @param policies attached to it
     * @param context what policies may know of its connection
     */
    record Known(List<NamedPolicy> policies, PolicyContext context) {
        public Known {
            policies = List.copyOf(policies);
        }
    }

    /** The principal of an ARN, as it would connect; empty when there is none.
     *
     * @param arn of a certificate
     * @param clientId the MQTT client id; empty when it is not known
     */
    Optional<Known> find(String arn, String clientId);

    /** The policy of a name; empty when there is none. */
    Optional<NamedPolicy> policy(String name);
}
