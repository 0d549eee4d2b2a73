package dev.roundtrip.local.app;

import dev.roundtrip.auth.policy.BoundPolicies;
import dev.roundtrip.auth.policy.PolicyContext;
import dev.roundtrip.auth.principal.IamUser;
import dev.roundtrip.auth.sigv4.IamIdentity;
import dev.roundtrip.auth.sigv4.SigV4Verifier;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.Verdict;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.local.iot.registry.Account;
import java.net.InetAddress;
import java.util.Map;

/** Lets users in who sign HTTP requests, with the policies that count at the moment. Thread-safe. */
final class SignedRequests implements RequestAuthentication {
    private final StatePrincipals principals;
    private final Account account;
    private final SigV4Verifier verifier;

    /** @param verifier accepts the signing names of all services */
    SignedRequests(StatePrincipals principals, Account account, SigV4Verifier verifier) {
        this.principals = principals;
        this.account = account;
        this.verifier = verifier;
    }

    @Override
    public Outcome authenticate(SignedRequest request, InetAddress source) {
        return switch (verifier.verify(request)) {
            case Verdict.Refused refused -> new Unknown(refused.reason().errorType());
            case Verdict.Accepted accepted ->
                principals
                        .user(accepted.caller().accessKeyId())
                        .<Outcome>map(user -> new Known(new RequestSigner(user, source.getHostAddress())))
                        .orElse(new Unknown(Verdict.Reason.UNKNOWN_KEY.errorType()));
        };
    }

    private final class RequestSigner implements Signer {
        private final IamUser user;
        private final String source;

        RequestSigner(IamUser user, String source) {
            this.user = user;
            this.source = source;
        }

        @Override
        public boolean may(Access access) {
            return policies(access).allows(access.action(), arn(access));
        }

        @Override
        public String refusal(Access access) {
            return policies(access).refusal(access.action(), arn(access));
        }

        @Override
        public String arn() {
            return user.key().caller().arn();
        }

        @Override
        public IamIdentity identity() {
            return user.key().caller();
        }

        private BoundPolicies policies(Access access) {
            PolicyContext context = user.context(source);
            for (Map.Entry<String, String> key : access.context().entrySet()) {
                context = context.with(key.getKey(), key.getValue());
            }
            return user.bind(context);
        }

        private String arn(Access access) {
            String resource = access.resource();
            return resource.equals("*") || resource.startsWith("arn:") ? resource : account.iotArn(resource);
        }
    }
}
