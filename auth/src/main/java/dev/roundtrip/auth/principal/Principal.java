package dev.roundtrip.auth.principal;

import dev.roundtrip.auth.policy.Policy;
import java.util.List;

/** Who may do something, and what. Immutable: a change makes another. */
public sealed interface Principal permits IamUser, DeviceCertificate {
    /** The id that AWS IoT names in lifecycle events: of the IAM principal, or of the certificate. */
    String id();

    /** The policies attached to it, in any order; none allow nothing. */
    List<Policy> policies();
}
