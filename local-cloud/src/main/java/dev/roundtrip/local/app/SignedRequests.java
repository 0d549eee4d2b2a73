package dev.roundtrip.local.app;

import dev.roundtrip.auth.principal.IamUser;
import dev.roundtrip.auth.sigv4.SigV4Verifier;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.Verdict;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.local.iot.registry.Account;
import java.net.InetAddress;

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
            case Verdict.Refused refused -> new Unknown(refused);
            case Verdict.Accepted accepted ->
                principals
                        .user(accepted.caller().accessKeyId())
                        .<Outcome>map(user -> new Known(signer(user, source)))
                        .orElse(new Unknown(Verdict.Refused.unknownKey()));
        };
    }

    private Signer signer(IamUser user, InetAddress source) {
        return new PolicySigner(
                user.key().caller().arn(),
                user.key().caller(),
                user::bind,
                user.context(source.getHostAddress()),
                account);
    }
}
