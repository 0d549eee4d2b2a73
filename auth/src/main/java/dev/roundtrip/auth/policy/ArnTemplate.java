package dev.roundtrip.auth.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A resource of a policy whose variables have no values yet: {@code *}, or the six parts of an ARN. */
record ArnTemplate(List<Template> parts) {
    private static final ArnTemplate EVERYTHING = new ArnTemplate(List.of());

    ArnTemplate {
        parts = List.copyOf(parts);
    }

    /** Reads a resource.
     *
     * @throws MalformedPolicyException when it is neither {@code *} nor an ARN of six parts
     */
    static ArnTemplate parse(String text) throws MalformedPolicyException {
        if (text.equals("*")) {
            return EVERYTHING;
        }
        List<Template> parts = Template.withWildcards(text).split(':', ArnPattern.PARTS);
        if (!text.startsWith("arn:") || parts.size() < ArnPattern.PARTS) {
            throw new MalformedPolicyException(
                    "wanted is * or an ARN like arn:aws:iot:us-east-1:000000000000:topic/a, but found " + text);
        }
        return new ArnTemplate(parts);
    }

    /** The pattern with all variables replaced; empty when one has no value. */
    Optional<ArnPattern> resolve(PolicyContext context) {
        List<Glob> globs = new ArrayList<>();
        for (Template part : parts) {
            Optional<Glob> glob = part.resolve(context);
            if (glob.isEmpty()) {
                return Optional.empty();
            }
            globs.add(glob.get());
        }
        return Optional.of(globs.isEmpty() ? ArnPattern.EVERYTHING : new ArnPattern(globs));
    }
}
