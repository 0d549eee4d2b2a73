package dev.roundtrip.auth.sigv4;

import java.time.Duration;
import java.util.List;

/** What a verifier accepts.
 *
 * @param region the only region, such as {@code eu-central-1}
 * @param services the services, at least one
 * @param clockSkew how far a signer's clock may be off, and how long a signature without an expiry is good; not
 *     negative
 */
public record SigV4Settings(String region, List<SigningService> services, Duration clockSkew) {

    /** @throws IllegalArgumentException when there is no service, or the clock skew is negative */
    public SigV4Settings {
        services = List.copyOf(services);
        if (services.isEmpty()) {
            throw new IllegalArgumentException("a verifier must accept at least one service");
        }
        if (clockSkew.isNegative()) {
            throw new IllegalArgumentException("clock skew must not be negative, but is " + clockSkew);
        }
    }

    /** With the clock skew that AWS allows. */
    public static SigV4Settings of(String region, SigningService... services) {
        return new SigV4Settings(region, List.of(services), SigV4Verifier.DEFAULT_CLOCK_SKEW);
    }
}
