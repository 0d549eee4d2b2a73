package dev.roundtrip.local.apigateway;

import dev.roundtrip.auth.sigv4.IamIdentity;

/** Decides whether a caller whose signature was right may invoke a method. Called by many threads at once. */
@FunctionalInterface
public interface ApiAuthorizer {

    /** Whoever has a key may invoke. */
    ApiAuthorizer ALLOW_ALL = (caller, resourceArn, sourceIp) -> Decision.ALLOWED;

    /** Evaluates {@code execute-api:Invoke}.
     *
     * @param resourceArn such as {@code arn:aws:execute-api:eu-central-1:123456789012:local00001/Prod/GET/invoke}; its
     *     end is a part of what the caller sent
     * @param sourceIp the other end's address
     */
    Decision authorize(IamIdentity caller, String resourceArn, String sourceIp);

    /** Why {@link #authorize} does not say {@link Decision#ALLOWED}, for a log: which statement denies, or that none
     * allows.
     */
    default String refusal(IamIdentity caller, String resourceArn, String sourceIp) {
        return "no statement allows it";
    }

    /** What policies amount to. */
    enum Decision {
        ALLOWED,
        /** No statement allows it. */
        NOT_ALLOWED,
        /** A statement denies it. */
        DENIED
    }
}
