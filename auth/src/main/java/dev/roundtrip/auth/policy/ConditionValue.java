package dev.roundtrip.auth.policy;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** One value that a condition lists, whose variables have no values yet. */
@FunctionalInterface
interface ConditionValue {
    /** The test for a value of a connection; empty when a variable has no value. */
    Optional<Predicate<String>> bind(PolicyContext context);

    static ConditionValue text(String text) throws MalformedPolicyException {
        Template template = Template.withoutWildcards(text);
        return context -> template.resolve(context).map(glob -> glob::matches);
    }

    static ConditionValue textOfAnyCase(String text) throws MalformedPolicyException {
        Template template = Template.withoutWildcards(text);
        return context -> template.resolveIgnoringCase(context).map(glob -> glob::matches);
    }

    static ConditionValue pattern(String text) throws MalformedPolicyException {
        Template template = Template.withWildcards(text);
        return context -> template.resolve(context).map(glob -> glob::matches);
    }

    static ConditionValue arn(String text) throws MalformedPolicyException {
        ArnTemplate template = ArnTemplate.parse(text);
        return context -> template.resolve(context).map(pattern -> pattern::matches);
    }

    static ConditionValue bool(String text) throws MalformedPolicyException {
        String wanted = text.toLowerCase(Locale.ROOT);
        if (!wanted.equals("true") && !wanted.equals("false")) {
            throw new MalformedPolicyException("wanted is true or false, but found " + text);
        }
        return context -> Optional.of(wanted::equalsIgnoreCase);
    }

    static ConditionValue addresses(String text) throws MalformedPolicyException {
        IpRange range = IpRange.parse(text);
        return context -> Optional.of(range::contains);
    }
}
