package dev.roundtrip.auth.policy;

import java.util.Arrays;
import java.util.List;

/** Short ways to write policies down in tests. */
final class Policies {
    private Policies() {}

    /** A document of the given statements; quotes are written as {@code '}. */
    static Policy policy(String... statements) {
        try {
            return Policy.parse(PolicyType.IAM, document(statements));
        } catch (MalformedPolicyException malformed) {
            throw new AssertionError(malformed);
        }
    }

    static String document(String... statements) {
        return "{'Version':'2012-10-17','Statement':[%s]}"
                .formatted(String.join(",", statements))
                .replace('\'', '"');
    }

    static BoundPolicies bound(PolicyContext context, String... statements) {
        return BoundPolicies.of(Arrays.stream(statements).map(Policies::policy).toList(), context);
    }

    static BoundPolicies bound(String... statements) {
        return bound(PolicyContext.empty(), statements);
    }

    static BoundPolicies withCondition(PolicyContext context, String condition) {
        return BoundPolicies.of(
                List.of(policy("{'Effect':'Allow','Action':'*','Resource':'*','Condition':%s}".formatted(condition))),
                context);
    }

    static String iot(String resource) {
        return "arn:aws:iot:us-east-1:000000000000:" + resource;
    }
}
