package dev.roundtrip.local.app;

import dev.roundtrip.auth.principal.IamUser;
import dev.roundtrip.auth.sigv4.IamIdentity;
import dev.roundtrip.local.apigateway.ApiAuthorizer;
import java.util.Optional;

/** Lets a user call what the user's policies allow. Thread-safe.
 *
 * @param principals the users
 */
record PolicyAuthorizer(StatePrincipals principals) implements ApiAuthorizer {
    private static final String INVOKE = "execute-api:Invoke";

    @Override
    public Decision authorize(IamIdentity caller, String resourceArn, String sourceIp) {
        Optional<IamUser> user = principals.user(caller.accessKeyId());
        if (user.isEmpty()) {
            return Decision.NOT_ALLOWED;
        }
        return switch (user.get().bind(sourceIp).decide(INVOKE, resourceArn)) {
            case ALLOWED -> Decision.ALLOWED;
            case IMPLICITLY_DENIED -> Decision.NOT_ALLOWED;
            case EXPLICITLY_DENIED -> Decision.DENIED;
        };
    }

    @Override
    public String refusal(IamIdentity caller, String resourceArn, String sourceIp) {
        return principals
                .user(caller.accessKeyId())
                .map(user -> user.bind(sourceIp).refusal(INVOKE, resourceArn))
                .orElse("the access key is no longer known");
    }
}
