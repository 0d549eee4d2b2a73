package dev.roundtrip.local.app;

import dev.roundtrip.auth.principal.IamUser;
import dev.roundtrip.auth.sigv4.Caller;
import dev.roundtrip.local.apigateway.ApiAuthorizer;
import java.util.Optional;

/** Lets a user call what the user's policies allow. Thread-safe.
 *
 * @param principals the users
 */
record PolicyAuthorizer(StatePrincipals principals) implements ApiAuthorizer {
    @Override
    public Decision authorize(Caller caller, String resourceArn, String sourceIp) {
        Optional<IamUser> user = principals.user(caller.accessKeyId());
        if (user.isEmpty()) {
            return Decision.NOT_ALLOWED;
        }
        return switch (user.get().bind(sourceIp).decide("execute-api:Invoke", resourceArn)) {
            case ALLOWED -> Decision.ALLOWED;
            case IMPLICITLY_DENIED -> Decision.NOT_ALLOWED;
            case EXPLICITLY_DENIED -> Decision.DENIED;
        };
    }
}
