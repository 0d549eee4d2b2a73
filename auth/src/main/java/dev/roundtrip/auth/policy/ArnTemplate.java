package dev.roundtrip.auth.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A resource of a policy whose variables have no values yet: {@code *}, or the six parts of an ARN. Immutable. */
final class ArnTemplate {
    private static final ArnTemplate EVERYTHING = new ArnTemplate(List.of());

    private final List<Template> parts;

    /** The pattern of a resource without variables, which most are: made once, and not for every request. */
    private final Optional<ArnPattern> constant;

    private ArnTemplate(List<Template> parts) {
        this.parts = List.copyOf(parts);
        this.constant =
                parts.stream().anyMatch(Template::hasVariables) ? Optional.empty() : pattern(PolicyContext.empty());
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
        return constant.isPresent() ? constant : pattern(context);
    }

    private Optional<ArnPattern> pattern(PolicyContext context) {
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
