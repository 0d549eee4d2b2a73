package dev.roundtrip.local.iot.registry;

import dev.roundtrip.local.iot.registry.RegistryException.Reason;
import java.time.Duration;

/** What AWS's documents leave open about the registry; {@code docs/open-facts.md} says why each was chosen. */
final class OpenFacts {
    /** How DeleteThing is refused while principals are attached to the thing. */
    static final Reason DELETE_OF_A_THING_WITH_PRINCIPALS = Reason.INVALID_REQUEST;

    /** Whether a certificate that is revoked stays so. */
    static final boolean REVOKED_IS_FINAL = true;

    /** How UpdateCertificate refuses states that it does not set. */
    static final Reason STATE_THAT_IS_NOT_SET = Reason.CERTIFICATE_STATE;

    /** How an attachment that {@code EXCLUSIVE_THING} rules out is refused. */
    static final Reason EXCLUSIVE_CONFLICT = Reason.INVALID_REQUEST;

    /** How long a thing type must be deprecated before it can be deleted. */
    static final Duration WAIT_AFTER_DEPRECATION = Duration.ofMinutes(5);

    private OpenFacts() {}
}
