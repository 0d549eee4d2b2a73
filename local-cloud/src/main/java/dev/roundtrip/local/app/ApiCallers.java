package dev.roundtrip.local.app;

import dev.roundtrip.auth.policy.BoundPolicies;
import dev.roundtrip.auth.policy.PolicyContext;
import dev.roundtrip.auth.sigv4.AccessKey;
import dev.roundtrip.auth.sigv4.AccessKeys;
import dev.roundtrip.auth.sigv4.Caller;
import dev.roundtrip.local.apigateway.ApiAuthorizer;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.users.ApiCaller;
import dev.roundtrip.local.users.CallerKey;
import dev.roundtrip.local.users.CallerName;
import java.util.Optional;
import java.util.function.Consumer;

/** Who may call: whoever has the keys of the state directory, and the callers made there, each as far as his policy goes. Thread-safe. */
final class ApiCallers implements AccessKeys, ApiAuthorizer {
    private static final String USER_ARN = "arn:aws:iam::" + Account.ID + ":user/";

    private final StateDirectory state;
    private final AccessKey everybody;
    private final Consumer<String> complaints;

    /** @param complaints told, in one line, of files that are damaged: whoever they concern is refused */
    ApiCallers(StateDirectory state, Consumer<String> complaints) {
        this.state = state;
        this.everybody = everybody(state);
        this.complaints = complaints;
    }

    /** The key that may do everything. */
    static AccessKey everybody(StateDirectory state) {
        String id = state.credentials().accessKeyId();
        Caller caller = new Caller(id, Account.ID, "AIDALOCALCLOUDCALLER0", USER_ARN + "local");
        return AccessKey.of(caller, state.credentials().secretAccessKey());
    }

    @Override
    public Optional<AccessKey> find(String accessKeyId) {
        if (accessKeyId.equals(everybody.caller().accessKeyId())) {
            return Optional.of(everybody);
        }
        try {
            return state.findCallerKey(accessKeyId).map(ApiCallers::accessKey);
        } catch (StateException damaged) {
            complaints.accept(String.valueOf(damaged.getMessage()));
            return Optional.empty();
        }
    }

    private static AccessKey accessKey(CallerKey key) {
        String id = key.credentials().accessKeyId();
        String owner = key.owner().value();
        return AccessKey.of(
                new Caller(id, Account.ID, "AIDA" + id.substring(4), USER_ARN + owner),
                key.credentials().secretAccessKey());
    }

    @Override
    public Decision authorize(Caller caller, String resourceArn, String sourceIp) {
        if (caller.equals(everybody.caller())) {
            return Decision.ALLOWED;
        }
        String name = caller.arn().substring(USER_ARN.length());
        PolicyContext context = PolicyContext.empty()
                .with("aws:SourceIp", sourceIp)
                .with("aws:username", name)
                .with("aws:userid", caller.userId())
                .with("aws:PrincipalArn", caller.arn())
                .with("aws:PrincipalAccount", caller.accountId());
        try {
            Optional<ApiCaller> found = state.findCaller(new CallerName(name));
            if (found.isEmpty()) {
                return Decision.NOT_ALLOWED;
            }
            return switch (BoundPolicies.of(found.get().policies(), context)
                    .decide("execute-api:Invoke", resourceArn)) {
                case ALLOWED -> Decision.ALLOWED;
                case IMPLICITLY_DENIED -> Decision.NOT_ALLOWED;
                case EXPLICITLY_DENIED -> Decision.DENIED;
            };
        } catch (StateException damaged) {
            complaints.accept(String.valueOf(damaged.getMessage()));
            return Decision.NOT_ALLOWED;
        }
    }
}
