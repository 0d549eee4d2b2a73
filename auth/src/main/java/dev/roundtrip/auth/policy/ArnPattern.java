package dev.roundtrip.auth.policy;

import java.util.List;

/** A pattern for ARNs: one glob for each of the six parts.
 *
 * <p>A wildcard never reaches over the colon into the next part, only the last part may hold colons itself. Otherwise
 * {@code arn:aws:iot:*:*:topic/x} would match the topic {@code a:b:topic/x}. Within a part it crosses slashes.
 * Immutable.
 */
final class ArnPattern {
    /** arn, partition, service, region, account, resource. */
    static final int PARTS = 6;

    /** Matches every text, an ARN or not. */
    static final ArnPattern EVERYTHING = new ArnPattern(List.of());

    private final Glob[] parts;

    ArnPattern(List<Glob> parts) {
        this.parts = parts.toArray(Glob[]::new);
    }

    boolean matches(String arn) {
        if (parts.length == 0) {
            return true;
        }
        int start = 0;
        for (int part = 0; part < PARTS - 1; part++) {
            int colon = arn.indexOf(':', start);
            if (colon < 0 || !parts[part].matches(arn, start, colon)) {
                return false;
            }
            start = colon + 1;
        }
        return parts[PARTS - 1].matches(arn, start, arn.length());
    }
}
